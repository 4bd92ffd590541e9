import { makeId } from '#lib/ids.ts'
import type { Order } from '#lib/page.ts'
import { soleWindows, type Window } from '#lib/pipeline-window.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { Forge } from './forge.ts'
import type { PipelineRunRecord } from './port.ts'

/** A CI run as resolvers are handed it. */
export interface PipelineRunEntry {
  readonly id: string
  readonly forge: Forge
  readonly record: PipelineRunRecord
  readonly reading: Reading<unknown>
}

export function pipelineRunEntry(forge: Forge, record: PipelineRunRecord, reading: Reading<unknown>): PipelineRunEntry {
  return { id: makeId('PipelineRun', forge.id, record.repository, record.run), forge, record, reading }
}

/** Those that have no time yet come last. */
export const runsNewestFirst: Order<PipelineRunEntry> = {
  name: 'NEWEST',
  keys: ({ id, record: { startedAt, createdAt } }) => {
    const time = startedAt ?? createdAt
    return [time === null ? null : -time, id]
  },
}

/** When a run was the only one of its commit under way, of all `runs` of that commit. */
export function soleWindowsOf(run: PipelineRunRecord, runs: readonly PipelineRunRecord[]): readonly Window[] {
  const own = windowOf(run)
  const others = runs.filter((other) => other.run !== run.run).flatMap((other) => windowOf(other) ?? [])
  return own ? soleWindows(own, others) : []
}

/** undefined: it has not started. */
export function windowOf({ startedAt, createdAt, endedAt: end }: PipelineRunRecord): Window | undefined {
  const start = startedAt ?? createdAt
  return start === null ? undefined : { start, end: end === null ? null : Math.max(start, end) }
}
