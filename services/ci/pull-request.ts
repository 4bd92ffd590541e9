import { makeId } from '#lib/ids.ts'
import type { Order } from '#lib/page.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { Forge } from './forge.ts'
import type { PullRequestRecord } from './port.ts'

/** A pull request as resolvers are handed it. */
export interface PullRequestEntry {
  readonly id: string
  readonly forge: Forge
  readonly record: PullRequestRecord
  readonly reading: Reading<unknown>
}

export function pullRequestEntry(forge: Forge, record: PullRequestRecord, reading: Reading<unknown>): PullRequestEntry {
  const id = makeId('PullRequest', forge.id, record.repository, String(record.number))
  return { id, forge, record, reading }
}

export const pullRequestsNewestFirst: Order<PullRequestEntry> = {
  name: 'NEWEST',
  keys: ({ id, record: { createdAt, number } }) => [createdAt === null ? null : -createdAt, -number, id],
}
