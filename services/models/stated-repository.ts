import type { Config } from '#lib/config/schema.ts'
import { repositoryAddress } from '#lib/repository-url.ts'

/** A training run, as far as the configuration can say what it is made from. */
interface Run {
  /** Id of the source. */
  readonly source: string
  /** Name of its experiment. null: not known. */
  readonly experiment: string | null
  /** Names of the models that it made versions of. */
  readonly models: readonly string[]
}

/** What the configuration says that a run is made from, and how it says which runs. */
interface Stated {
  /** Canonical. */
  readonly repositoryUrl: string
  /** Names no model: not everybody who sees the run may see all models that it made versions of. */
  readonly of: string
}

/** Tells the repository that `code` states for a run; undefined: none. What is said of its model goes before its experiment. */
export type StatedOf = (run: Run) => Stated | undefined

/** Reads `code`. */
export function createStatedRepository(code: Config['code']): StatedOf {
  return ({ source, experiment, models }) => {
    const own = code.filter(({ registry }) => registry === source)
    const entry =
      own.find(({ model }) => model !== undefined && models.includes(model)) ??
      own.find((one) => one.experiment !== undefined && one.experiment === experiment) ??
      own.find((one) => one.experiment === undefined && one.model === undefined)
    const address = entry && repositoryAddress(entry.repository)
    return address && { repositoryUrl: address.url, of: ofWhich(entry) }
  }
}

function ofWhich({ registry, experiment, model }: Config['code'][number]): string {
  if (model !== undefined) return 'of its model'
  return experiment === undefined ? `of "${registry}"` : `of experiment "${experiment}"`
}
