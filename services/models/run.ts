import type { RequestContext } from '#lib/context.ts'
import { makeId } from '#lib/ids.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { RunRecord } from './port.ts'
import type { Registries } from './registries.ts'
import type { Registry } from './registry.ts'

/** A training run as resolvers are handed it. */
export interface RunEntry {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly registry: Registry
  readonly record: RunRecord
  readonly reading: Reading<RunRecord | null>
}

/** What is known of a run now: the run, that the tool has none of that id, or why it cannot be told. */
export type RunLookup =
  | { readonly run: RunEntry }
  | { readonly run: null; readonly failure?: NonNullable<Reading<unknown>['failure']> }

/** Looks a run up, in one batch with the others of the request. One that the caller may not see is as one that is not there. */
export async function findRun(
  registries: Registries,
  registry: Registry,
  runId: string,
  context: RequestContext,
): Promise<RunLookup> {
  // Before it is asked for, so that not even the time it takes tells whether it is there.
  const seen = await registries.runsSeen(registry, context)
  if (!seen(runId)) return { run: null }
  const reading = await registries.loaders(registry, context).runs.load(runId)
  if (reading.value) {
    const id = makeId('TrainingRun', registry.id, runId)
    return { run: { id, source: registry.id, registry, record: reading.value, reading } }
  }
  if (reading.value === null) return { run: null }
  return { run: null, ...(reading.failure && { failure: reading.failure }) }
}
