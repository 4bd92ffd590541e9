import type { Config } from '#lib/config/schema.ts'
import { parseId } from '#lib/ids.ts'
import { type RepositoryAddress, repositoryAddress } from '#lib/repository-url.ts'

/** A training run, as far as the configuration can say what it is made from. */
interface Run {
  readonly id: string
  readonly experiment?: { readonly name?: string | null } | null
}

/** What the configuration says that a run is made from, and how it says which runs. */
export interface Stated {
  readonly address: RepositoryAddress
  readonly of: string
}

/** Makes a function that tells the repository that `code` states for a run; undefined: none. `renamed`: former ids of sources. */
export function createStatedRepository(
  code: Config['code'],
  renamed: ReadonlyMap<string, string>,
): (run: Run) => Stated | undefined {
  return ({ id, experiment }) => {
    const parsed = parseId(id, renamed)
    const registry = parsed?.type === 'TrainingRun' ? parsed.parts[0] : undefined
    const own = code.filter((entry) => entry.registry === registry)
    const entry =
      own.find((one) => one.experiment !== undefined && one.experiment === experiment?.name) ??
      own.find((one) => one.experiment === undefined)
    const address = entry && repositoryAddress(entry.repository)
    if (!address) return undefined
    const of = entry.experiment === undefined ? `of "${entry.registry}"` : `of experiment "${entry.experiment}"`
    return { address, of }
  }
}
