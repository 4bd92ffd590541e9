import type { SourceRecord } from '#lib/reading.ts'
import type { SubgraphOptions } from '#lib/subgraph.ts'

/** Every configured source, with the type that the subgraph which reads it gives it. */
export function sourceRecords({ config, registries }: SubgraphOptions): SourceRecord[] {
  return config.sources.map(({ id, kind, title }) => {
    const __typename = registries.includes(id) ? 'RegistrySource' : 'ServingSource'
    return { __typename, id, kind, title }
  })
}
