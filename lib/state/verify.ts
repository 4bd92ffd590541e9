import type { KeyObject } from 'node:crypto'
import type { Database } from './database.ts'
import type { Head } from './port.ts'
import { type EntryRow, rowHash } from './rows.ts'
import { isVouchedFor } from './tombstone.ts'

/** A head that was kept elsewhere: what came after it may be new, what came before may not have changed. */
export interface Anchor extends Head {
  /** When it was exported, ISO 8601. */
  readonly time: string
}

/** The first thing that is wrong with a chain. */
export interface Break {
  readonly sequence: number
  /** null: the entry is not there. */
  readonly id: string | null
  readonly problem: 'CHANGED' | 'REMOVED' | 'REORDERED' | 'TRUNCATED' | 'BAD_TOMBSTONE' | 'BEHIND_HEAD' | 'NOT_ANCHORED'
  readonly message: string
}

/** What a walk over the whole chain found. */
export interface Verification {
  readonly entries: number
  /** How many of them are tombstones of what retention removed. */
  readonly tombstones: number
  readonly head: Head
  /** null: the chain is whole. */
  readonly broken: Break | null
}

/** Rows held at a time. */
const BATCH = 1_000

/**
 * Walks the chain, in batches, while others may write to it. Finds what was changed, removed or reordered by itself; a chain
 * that was cut short together with its head row is found only against an anchor. `keys`: whose tombstones are accepted.
 */
export async function verifyChain(
  { db, failure }: Database,
  { anchor, keys }: { readonly anchor?: Anchor; readonly keys: readonly KeyObject[] },
): Promise<Verification> {
  const headRow = () => db.selectFrom('modelops_head').select(['sequence', 'hash']).executeTakeFirstOrThrow()
  try {
    const before = await headRow()
    const check = createChainCheck(keys, [
      anchored(before, 'TRUNCATED'),
      ...(anchor ? [anchored(anchor, 'NOT_ANCHORED')] : []),
    ])
    for (let batch = BATCH; batch === BATCH && !check.broken(); ) {
      const rows = await db
        .selectFrom('modelops_entries')
        .selectAll()
        .where('sequence', '>', check.end().sequence)
        .orderBy('sequence')
        .limit(BATCH)
        .execute()
      batch = rows.length
      for (const row of rows) check.next(row)
    }
    return check.result(await headRow())
  } catch (error) {
    throw failure(error)
  }
}

/** A place in the chain and the hash that it must have; what is said where it is missing or has another. */
interface Fixed extends Head {
  readonly problem: 'TRUNCATED' | 'NOT_ANCHORED'
}

const anchored = ({ sequence, hash }: Head, problem: Fixed['problem']): Fixed => ({ sequence, hash, problem })

/** The check of a chain, row by row. */
export function createChainCheck(keys: readonly KeyObject[], fixed: readonly Fixed[]) {
  let end: Head = { sequence: 0, hash: null }
  let tombstones = 0
  let broken: Break | null = null

  const fail = (sequence: number, id: string | null, problem: Break['problem'], message: string) => {
    broken ??= { sequence, id, problem, message }
  }

  function next(row: EntryRow): void {
    if (broken) return
    const { sequence, id, hash } = row
    const expected = end.sequence + 1
    if (sequence !== expected) {
      fail(expected, null, 'REMOVED', `Entry ${expected} is not there; the next one is ${sequence} (${id}).`)
      return
    }
    if (row.previous_hash !== end.hash) {
      fail(
        sequence,
        id,
        'REORDERED',
        `Entry ${sequence} (${id}) does not follow the one before it: one of the two was moved or replaced.`,
      )
    } else if (row.kind === 'tombstone') {
      tombstones += 1
      const vouched = isVouchedFor(row, keys)
      if (!vouched) {
        const why = vouched === undefined ? 'is signed with a key that is not known here' : 'has a wrong signature'
        fail(sequence, id, 'BAD_TOMBSTONE', `Entry ${sequence} (${id}) was removed, and its tombstone ${why}.`)
      }
    } else if (!hasItsHash(row)) {
      fail(sequence, id, 'CHANGED', `Entry ${sequence} (${id}) was changed: its hash does not fit what it holds.`)
    }
    for (const one of fixed) {
      if (one.sequence === sequence && one.hash !== hash) {
        const whose = one.problem === 'TRUNCATED' ? 'the head of the state' : 'the anchor'
        fail(sequence, id, 'NOT_ANCHORED', `Entry ${sequence} (${id}) is not the one that ${whose} names.`)
      }
    }
    end = { sequence, hash }
  }

  return {
    next,
    end: () => end,
    broken: () => broken,
    /** After the last row; `head` is the head row as it is then. */
    result(head: Head): Verification {
      for (const { sequence, problem } of fixed) {
        if (sequence <= end.sequence) continue
        const whose = problem === 'TRUNCATED' ? 'the head of the state' : 'the anchor'
        fail(
          end.sequence + 1,
          null,
          'TRUNCATED',
          `The log ends at entry ${end.sequence}, and ${whose} names entry ${sequence}: what came last is not there.`,
        )
      }
      if (end.sequence > head.sequence) {
        fail(
          head.sequence + 1,
          null,
          'BEHIND_HEAD',
          `The head of the state names entry ${head.sequence}, and there are entries up to ${end.sequence}: they were not written by modelops.`,
        )
      }
      return { entries: end.sequence, tombstones, head: end, broken }
    },
  }
}

/** false also where the content is no JSON any more. */
function hasItsHash(row: EntryRow): boolean {
  try {
    return rowHash(row) === row.hash
  } catch {
    return false
  }
}
