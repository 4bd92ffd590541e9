import type { NamedModel } from './schema.generated.ts'

/** What names are held against: a registered model. */
export interface Registered {
  /** Id of the registry source. */
  readonly registry: string
  readonly model: string
}

/** Whether labels name a model: they may leave open which registry is meant. */
export function names(named: NamedModel, { registry, model }: Registered): boolean {
  return named.modelName === model && (named.registry == null || named.registry === registry)
}
