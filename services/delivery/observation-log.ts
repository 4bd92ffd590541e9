import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { observationKinds } from '#lib/config/notifications.ts'
import type { Entry, NewEntry, State } from '#lib/state/port.ts'
import { createObservationIndex, type ObservationIndex } from './history.ts'
import type { ObservationRecord } from './port.ts'

/** Who observes, as the state names actors. */
export const OBSERVER = 'service:observer'

/** What is observed, before it is written down. */
export type NewObservation = Omit<ObservationRecord, 'id' | 'sequence'>

/** What was observed, read from the state and held in memory: about 0.5 KB each. */
export interface ObservationLog {
  /** All that the state has now. Rejects with a StateError when it cannot be had. */
  read(): Promise<ObservationIndex>
  /**
   * Writes down what was seen. A change is written once: two that saw it start from the same observation before it. `before`
   * is that one; undefined: nothing was known of the thing.
   */
  append(
    seen: readonly { readonly observation: NewObservation; readonly before: string | undefined }[],
  ): Promise<number>
}

/** What an entry of the state holds of an observation. */
const content = z.object({
  observation: z.enum(observationKinds),
  models: z.array(z.string()),
  versions: z.array(z.string()),
  before: z.string().nullable(),
  after: z.string().nullable(),
  by: z.string().nullable(),
  source: z.string(),
  precisionSeconds: z.number().nullable(),
  initial: z.boolean(),
  backfilled: z.boolean(),
})

/** Entries written at a time, so that others can write between. */
const BATCH = 500

/** The log of a state. */
export function createObservationLog(state: State): ObservationLog {
  const index = createObservationIndex()
  let after = 0
  let reading: Promise<ObservationIndex> | undefined

  async function catchUp(): Promise<ObservationIndex> {
    const fresh: ObservationRecord[] = []
    for await (const entry of state.walk({ kinds: ['observation'] }, { after })) {
      after = entry.sequence
      const observation = observationOf(entry)
      if (observation) fresh.push(observation)
    }
    index.add(fresh)
    return index
  }
  return {
    read() {
      // Whoever asks while it is read may not see what was written since: they read after that.
      const turn = (reading ?? Promise.resolve()).then(catchUp, catchUp)
      reading = turn
      return turn
    },
    async append(seen) {
      const { sequence } = await state.head()
      let last = sequence
      for (let start = 0; start < seen.length; start += BATCH) {
        const entries = await state.append(seen.slice(start, start + BATCH).map(entryOf))
        last = entries.reduce((most, entry) => Math.max(most, entry.sequence), last)
        await setImmediate()
      }
      return last - sequence
    },
  }
}

function entryOf({ observation, before }: { observation: NewObservation; before: string | undefined }): NewEntry {
  const { at, kind, subject, models, versions, ...rest } = observation
  const key = kind === 'VERSION_CREATED' ? [kind, subject] : [kind, subject, before ?? null, rest.after]
  return {
    ...{ kind: 'observation', subject, actor: OBSERVER, at: new Date(at) },
    content: { observation: kind, models, versions, ...rest },
    deduplicationKey: `observation:${JSON.stringify(key)}`,
  }
}

/** undefined: it was written by a later version, in a form that is not known here. */
export function observationOf({ id, sequence, subject, at, content: held }: Entry): ObservationRecord | undefined {
  const { success, data } = content.safeParse(held)
  if (!success || subject === undefined) return undefined
  const { observation: kind, ...rest } = data
  return { id, sequence, at: at.getTime(), kind, subject, ...rest }
}
