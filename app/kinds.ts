import type { Config, Kinds } from '#lib/config/schema.ts'
import { catalogAdapters } from '#services/catalog/adapters.ts'
import { ciAdapters } from '#services/ci/adapters.ts'
import { registryAdapters } from '#services/models/adapters.ts'
import { monitoringAdapters } from '#services/monitoring/adapters.ts'
import { servingAdapters } from '#services/serving/adapters.ts'

/** The adapters of each subgraph that reads tools, and the type of the graph that its sources have. */
const families = [
  { sourceType: 'RegistrySource', adapters: registryAdapters },
  { sourceType: 'CatalogSource', adapters: catalogAdapters },
  { sourceType: 'ServingSource', adapters: servingAdapters },
  { sourceType: 'CiSource', adapters: ciAdapters },
  { sourceType: 'MonitoringSource', adapters: monitoringAdapters },
]

/** Every kind of source that can be configured, with its options. */
export const kinds: Kinds = Object.fromEntries(
  families.flatMap(({ adapters }) => adapters.map(({ kind, options }) => [kind, options])),
)

/** The type of the graph that a source of a kind has. */
export function sourceTypeOf(kind: string): string {
  const family = families.find(({ adapters }) => adapters.some((adapter) => adapter.kind === kind))
  if (!family) throw new Error(`No subgraph reads sources of kind ${kind}`)
  return family.sourceType
}

/** Ids of the sources that hold registered models. */
export function registriesOf(config: Config): string[] {
  return config.sources.filter(({ kind }) => kinds[kind]?.meta()?.role === 'registry').map(({ id }) => id)
}
