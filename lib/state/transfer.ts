import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { ReaderError } from '../reader-error.ts'
import { insertRows } from './append.ts'
import type { Database } from './database.ts'
import type { EntryRow } from './rows.ts'
import { createChainCheck } from './verify.ts'

/** What each line of an export is; in this order: one format, entries, names, one end. */
const line = z.union([
  z.strictObject({ format: z.literal('modelops-state'), version: z.literal(1) }),
  z.strictObject({
    entry: z.strictObject({
      ...{ sequence: z.int(), id: z.string(), kind: z.string(), subject: z.string().nullable(), actor: z.string() },
      ...{ content: z.string(), at: z.int(), expires_at: z.int().nullable(), refers_to: z.string().nullable() },
      ...{ deduplication_key: z.string().nullable(), fingerprint: z.string().nullable(), recorded_at: z.int() },
      ...{ previous_hash: z.string().nullable(), hash: z.string() },
    }),
  }),
  z.strictObject({ person: z.strictObject({ subject: z.string(), name: z.string() }) }),
  z.strictObject({ mark: z.strictObject({ name: z.string(), value: z.string() }) }),
  z.strictObject({ end: z.strictObject({ sequence: z.int(), hash: z.string().nullable() }) }),
])
type Line = z.output<typeof line>

/** Rows held at a time. */
const BATCH = 500

/** The whole state as lines of JSON, in batches. What is written meanwhile is left out. */
export async function* exportLines({ db, failure }: Database): AsyncGenerator<string> {
  const told = (error: unknown): never => {
    throw failure(error)
  }
  const text = (value: Line) => `${JSON.stringify(value)}\n`
  const end = await db.selectFrom('modelops_head').select(['sequence', 'hash']).executeTakeFirstOrThrow().catch(told)
  yield text({ format: 'modelops-state', version: 1 })
  for (let after = 0; after < end.sequence; after += BATCH) {
    const rows = await db
      .selectFrom('modelops_entries')
      .selectAll()
      .where('sequence', '>', after)
      .where('sequence', '<=', Math.min(after + BATCH, end.sequence))
      .orderBy('sequence')
      .execute()
      .catch(told)
    for (const entry of rows) yield text({ entry })
  }
  for (const person of await db.selectFrom('modelops_people').selectAll().execute().catch(told)) yield text({ person })
  for (const mark of await db.selectFrom('modelops_marks').selectAll().execute().catch(told)) yield text({ mark })
  yield text({ end })
}

/**
 * Writes an export into an empty state, hashes as they are: all of it, or nothing where a line is wrong, the chain is
 * broken, or the end is missing. `keys`: whose tombstones are accepted. Gives back how many entries. Throws a ReaderError.
 */
export async function importLines(
  { exclusively, failure }: Database,
  lines: AsyncIterable<string>,
  keys: readonly KeyObject[],
): Promise<number> {
  const refusal: { reason?: ReaderError } = {}
  const refuse = (message: string): never => {
    refusal.reason = new ReaderError(`${message} Nothing was imported.`)
    throw refusal.reason
  }
  const work: Parameters<typeof exclusively<number>>[0] = async (db) => {
    const { sequence } = await db.selectFrom('modelops_head').select('sequence').executeTakeFirstOrThrow()
    if (sequence > 0) refuse(`The state has ${sequence} entries already: an import needs an empty one.`)
    const check = createChainCheck(keys, [])
    let rows: EntryRow[] = []
    let number = 0
    let end: { sequence: number; hash: string | null } | undefined
    const flush = async () => {
      if (rows.length > 0) await insertRows(db, rows)
      rows = []
    }
    for await (const text of lines) {
      number += 1
      const read = readLine(text) ?? refuse(`Line ${number} is no line of an export of a state.`)
      if ('format' in read !== (number === 1) || end) refuse(`Line ${number} stands in the wrong place of the export.`)
      if ('entry' in read) {
        check.next(read.entry)
        const broken = check.broken()
        if (broken) refuse(`Line ${number}: ${broken.message}`)
        rows.push(read.entry)
        if (rows.length === BATCH) await flush()
      } else if ('person' in read) {
        await db
          .insertInto('modelops_people')
          .values(read.person)
          .onConflict((conflict) => conflict.column('subject').doUpdateSet(read.person))
          .execute()
      } else if ('mark' in read) {
        await db
          .insertInto('modelops_marks')
          .values(read.mark)
          .onConflict((conflict) => conflict.column('name').doUpdateSet(read.mark))
          .execute()
      } else if ('end' in read) end = read.end
    }
    await flush()
    const { sequence: last, hash } = check.end()
    if (!end) return refuse('The export has no end: it was cut off.')
    if (end.sequence !== last || end.hash !== hash)
      refuse(`The export ends at entry ${last}, and says that it ends at ${end.sequence}.`)
    const newest = await db
      .selectFrom('modelops_entries')
      .select('recorded_at')
      .where('sequence', '=', last)
      .executeTakeFirst()
    await db
      .updateTable('modelops_head')
      .set({ sequence: last, hash, recorded_at: newest?.recorded_at ?? 0 })
      .execute()
    return last
  }
  return exclusively(work).catch((error: unknown) => {
    throw refusal.reason ?? failure(error)
  })
}

function readLine(text: string): Line | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
