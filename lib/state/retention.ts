import type { KeyObject } from 'node:crypto'
import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Config } from '../config/schema.ts'
import type { OpenableState } from './state.ts'
import type { Tables } from './tables.ts'
import { buried } from './tombstone.ts'

/** Days for which each kind is kept. */
export type Retention = Config['state']['retention']

/** Entries removed in one transaction, so that writers wait for none of them long. */
const BATCH = 200
const DAY = 24 * 60 * 60 * 1_000

/**
 * Puts tombstones in the place of what is older than its kind is kept. Of attestations and waivers the time counts from
 * their end, so one that holds is never removed, and their revocations go with or after them. Gives back how many.
 */
export async function removeOld(state: OpenableState, retention: Retention, key: KeyObject, now = new Date()) {
  const { exclusively, failure } = await state.open()
  let removed = 0
  for (const [kind, days] of Object.entries(retention)) {
    if (days === undefined) continue
    const before = now.getTime() - days * DAY
    for (;;) {
      const count = await exclusively((db) => removeSome(db, kind, before, now, key)).catch((error: unknown) => {
        throw failure(error)
      })
      removed += count
      // A revocation goes once what it revokes is gone.
      if (count === 0) break
    }
  }
  return removed
}

async function removeSome(db: Kysely<Tables>, kind: string, before: number, now: Date, key: KeyObject) {
  const rows = await db
    .selectFrom('modelops_entries')
    .selectAll()
    .where((builder) => isOver(builder, kind, before))
    .orderBy('sequence')
    .limit(BATCH)
    .execute()
  for (const row of rows) {
    const { sequence, ...rest } = buried(row, now, key)
    await db.updateTable('modelops_entries').set(rest).where('sequence', '=', sequence).execute()
  }
  return rows.length
}

function isOver(builder: ExpressionBuilder<Tables, 'modelops_entries'>, kind: string, before: number) {
  const { and, or, exists, not } = builder
  if (kind !== 'attestation' && kind !== 'waiver') {
    return and([builder('kind', '=', kind), builder('recorded_at', '<', before)])
  }
  const revocation = builder
    .selectFrom('modelops_entries as revocation')
    .whereRef('revocation.refers_to', '=', 'modelops_entries.id')
    .where('revocation.recorded_at', '<', before)
    .select('revocation.sequence')
  const revoked = builder
    .selectFrom('modelops_entries as revoked')
    .whereRef('revoked.id', '=', 'modelops_entries.refers_to')
    .where('revoked.kind', '=', kind)
    .select('revoked.sequence')
  return or([
    and([builder('kind', '=', kind), or([builder('expires_at', '<', before), exists(revocation)])]),
    // Not while what it revokes is there, which would hold again without it.
    and([builder('kind', '=', `${kind}-revoked`), builder('recorded_at', '<', before), not(exists(revoked))]),
  ])
}
