import type { Caller } from '#lib/caller.ts'
import { makeId } from '#lib/ids.ts'
import type { Entry, JsonObject, State } from '#lib/state/port.ts'
import type { UseCaseStatus } from '../schema.generated.ts'
import type { Subjects } from './subjects.ts'

/** What is kept of a use case. */
interface UseCaseContent extends JsonObject {
  readonly name: string
  readonly description: string | null
  readonly owner: string | null
  readonly domain: string | null
  readonly status: UseCaseStatus
  readonly models: readonly string[]
}

/** A use case as it was declared last. */
export interface UseCaseRecord {
  readonly said: UseCaseContent
  readonly id: string
  /** Ids of its models as the graph writes them now. */
  readonly modelIds: readonly string[]
  /** The first record, by which it is listed. */
  readonly first: Entry
  readonly last: Entry
}

/** The use cases there are: few, so they are held, and read on from where the state had come to. */
export interface UseCases {
  /** By the id of their first record, oldest first. Asks the state each time for what is new. */
  all(): Promise<readonly UseCaseRecord[]>
  sees(caller: Caller, useCase: UseCaseRecord): boolean
}

/** Holds the use cases of a state. */
export function createUseCases(state: State, { access, present }: Pick<Subjects, 'access' | 'present'>): UseCases {
  const known = new Map<string, UseCaseRecord>()
  let after = 0
  let reading: Promise<unknown> = Promise.resolve()

  async function readOn(): Promise<void> {
    for await (const entry of state.walk({ kinds: ['use-case'] }, { after })) {
      const key = entry.refersTo ?? entry.id
      const said = entry.content as UseCaseContent
      known.set(key, {
        ...{ said, id: makeId('UseCase', key), modelIds: said.models.map(present) },
        first: known.get(key)?.first ?? entry,
        last: entry,
      })
      after = entry.sequence
    }
  }
  return {
    async all() {
      // One after another, so that no record is taken for older than one before it.
      const turn = reading.then(readOn)
      reading = turn.catch(() => {})
      await turn
      return [...known.values()]
    },
    sees: (caller, { said: { domain, owner } }) =>
      access.visible(caller, { source: '', domain, owners: owner === null ? [] : [owner] }),
  }
}
