import type { Config, Kinds } from '#lib/config/schema.ts'
import { registryAdapters } from '#services/models/adapters.ts'
import { servingAdapters } from '#services/serving/adapters.ts'

/** Every kind of source that can be configured, with its options. */
export const kinds: Kinds = Object.fromEntries(
  [...registryAdapters, ...servingAdapters].map(({ kind, options }) => [kind, options]),
)

/** Ids of the sources that hold registered models. */
export function registriesOf(config: Config): string[] {
  return config.sources.filter(({ kind }) => kinds[kind]?.meta()?.role === 'registry').map(({ id }) => id)
}
