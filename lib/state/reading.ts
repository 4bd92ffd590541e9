import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Entry, EntryFilter, EntryPage, EntryReader } from './port.ts'
import { storable, toEntry } from './rows.ts'
import type { Tables } from './tables.ts'

/** Reads entries by an open database, within a transaction or without. */
export function createReader(db: Kysely<Tables>): EntryReader {
  return {
    async read(filter, { first, after, newestFirst = false }: EntryPage) {
      let query = db
        .selectFrom('modelops_entries')
        .selectAll()
        .where((builder) => condition(builder, filter))
        .orderBy('sequence', newestFirst ? 'desc' : 'asc')
        .limit(first + 1)
      if (after !== undefined) query = query.where('sequence', newestFirst ? '<' : '>', after)
      const rows = await query.execute()
      return { entries: rows.slice(0, first).map(toEntry), hasMore: rows.length > first }
    },
    async count(filter) {
      const { count } = await db
        .selectFrom('modelops_entries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where((builder) => condition(builder, filter))
        .executeTakeFirstOrThrow()
      return count
    },
  }
}

/** Entries read at a time by who walks over many. */
const BATCH = 500

/** Everything that a filter means, oldest first, a batch at a time. */
export async function* walkEntries(reader: EntryReader, filter: EntryFilter, start = 0): AsyncGenerator<Entry> {
  let after = start
  for (;;) {
    const { entries, hasMore } = await reader.read(filter, { first: BATCH, after })
    yield* entries
    after = entries.at(-1)?.sequence ?? after
    if (!hasMore) return
  }
}

function condition(builder: ExpressionBuilder<Tables, 'modelops_entries'>, filter: EntryFilter) {
  const { and, lit } = builder
  // PostgreSQL refuses an empty list.
  const oneOf = (column: 'kind' | 'subject' | 'id' | 'refers_to' | 'deduplication_key', values: readonly string[]) =>
    values.length > 0 ? builder(column, 'in', values.map(storable)) : lit(false)
  const { kinds, subjects, actor, ids, refersTo, deduplicationKeys, since, until, expiringBefore } = filter
  return and([
    ...(kinds ? [oneOf('kind', kinds)] : []),
    ...(subjects ? [oneOf('subject', subjects)] : []),
    ...(actor !== undefined ? [builder('actor', '=', storable(actor))] : []),
    ...(ids ? [oneOf('id', ids)] : []),
    ...(refersTo ? [oneOf('refers_to', refersTo)] : []),
    ...(deduplicationKeys ? [oneOf('deduplication_key', deduplicationKeys)] : []),
    ...(since ? [builder('at', '>=', since.getTime())] : []),
    ...(until ? [builder('at', '<', until.getTime())] : []),
    ...(expiringBefore ? [builder('expires_at', '<', expiringBefore.getTime())] : []),
  ])
}
