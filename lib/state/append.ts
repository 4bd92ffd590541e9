import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { canonicalJson } from './canonical.ts'
import { keyReused } from './error.ts'
import type { Entry, NewEntry } from './port.ts'
import { type EntryRow, rowHash, storable, toEntry } from './rows.ts'
import type { Tables } from './tables.ts'

/** Rows of one INSERT: SQLite takes 32,766 values in a statement, and an entry has 14. */
const ROWS = 500

/** Appends to the chain, within a transaction that excludes other writers. Throws a StateError (KEY_REUSED). */
export async function appendTo(db: Kysely<Tables>, entries: readonly NewEntry[]): Promise<readonly Entry[]> {
  if (entries.length === 0) return []
  const known = await knownKeys(db, entries)
  let { sequence, hash, recorded_at } = await db.selectFrom('modelops_head').selectAll().executeTakeFirstOrThrow()
  const now = Date.now()
  recorded_at = Math.max(now, recorded_at)
  const added: EntryRow[] = []
  const answer = entries.map((entry) => {
    const first = entry.deduplicationKey === undefined ? undefined : known.get(entry.deduplicationKey)
    if (first) return repeated(first, entry)
    sequence += 1
    const row = chained({ at: new Date(now), ...entry }, sequence, hash, recorded_at)
    hash = row.hash
    added.push(row)
    if (row.deduplication_key !== null) known.set(row.deduplication_key, row)
    return row
  })
  if (added.length > 0) {
    await insertRows(db, added)
    await db.updateTable('modelops_head').set({ sequence, hash, recorded_at }).execute()
  }
  return answer.map(toEntry)
}

/** Writes rows as they are. */
export async function insertRows(db: Kysely<Tables>, rows: readonly EntryRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS) {
    await db
      .insertInto('modelops_entries')
      .values(rows.slice(start, start + ROWS))
      .execute()
  }
}

async function knownKeys(db: Kysely<Tables>, entries: readonly NewEntry[]): Promise<Map<string, EntryRow>> {
  const keys = entries.flatMap(({ deduplicationKey: key }) => (key === undefined ? [] : [key]))
  const known = new Map<string, EntryRow>()
  for (let start = 0; start < keys.length; start += ROWS) {
    const rows = await db
      .selectFrom('modelops_entries')
      .selectAll()
      .where('deduplication_key', 'in', keys.slice(start, start + ROWS))
      .execute()
    for (const row of rows) known.set(row.deduplication_key as string, row)
  }
  return known
}

function repeated(row: EntryRow, { fingerprint }: NewEntry): EntryRow {
  if (fingerprint === undefined || row.fingerprint === fingerprint) return row
  throw keyReused()
}

function chained(
  entry: NewEntry & { readonly at: Date },
  sequence: number,
  previous_hash: string | null,
  recorded_at: number,
): EntryRow {
  const row: EntryRow = {
    sequence,
    id: randomUUID(),
    kind: entry.kind,
    subject: entry.subject === undefined ? null : storable(entry.subject),
    actor: storable(entry.actor),
    content: canonicalJson(entry.content),
    at: entry.at.getTime(),
    expires_at: entry.expiresAt?.getTime() ?? null,
    refers_to: entry.refersTo ?? null,
    deduplication_key: entry.deduplicationKey === undefined ? null : storable(entry.deduplicationKey),
    fingerprint: entry.fingerprint ?? null,
    recorded_at,
    previous_hash,
    hash: '',
  }
  return { ...row, hash: rowHash(row) }
}
