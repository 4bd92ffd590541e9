import type { Kysely } from 'kysely'
import { StateError } from './error.ts'
import type { Tables } from './tables.ts'

/**
 * The steps from an empty database to the present schema, each run once. A step that was published is never changed.
 * Kysely's own Migrator is not used: on SQLite it takes no lock against other processes.
 */
const migrations: readonly ((db: Kysely<Tables>) => Promise<void>)[] = [createTables]

/** The version of the schema that this program writes. */
export const SCHEMA_VERSION = migrations.length

/**
 * Brings the schema up to date, within a transaction that excludes all others. Throws a StateError (STATE_TOO_NEW) where a
 * newer program was here. `to`: for tests of how older states come along.
 */
export async function migrate(db: Kysely<Tables>, to = SCHEMA_VERSION): Promise<void> {
  await db.schema
    .createTable('modelops_schema')
    .ifNotExists()
    .addColumn('one', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute()
  const row = await db.selectFrom('modelops_schema').select('version').executeTakeFirst()
  const found = row?.version ?? 0
  if (found > SCHEMA_VERSION) {
    throw new StateError(
      'STATE_TOO_NEW',
      `The state was written by a newer modelops (its schema is ${found}, this program knows ${SCHEMA_VERSION}): start that version or a newer one. Nothing was changed.`,
    )
  }
  if (found >= to) return
  for (const step of migrations.slice(found, to)) await step(db)
  await db
    .insertInto('modelops_schema')
    .values({ one: 1, version: to })
    .onConflict((conflict) => conflict.column('one').doUpdateSet({ version: to }))
    .execute()
}

async function createTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('modelops_entries')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('refers_to', 'text')
    .addColumn('deduplication_key', 'text', (column) => column.unique())
    .addColumn('fingerprint', 'text')
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addColumn('previous_hash', 'text')
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute()
  for (const column of ['kind', 'subject', 'actor', 'refers_to'] as const) {
    await db.schema
      .createIndex(`modelops_entries_${column}`)
      .on('modelops_entries')
      .columns([column, 'sequence'])
      .execute()
  }
  await db.schema.createIndex('modelops_entries_at').on('modelops_entries').columns(['at']).execute()
  await db.schema
    .createTable('modelops_head')
    .addColumn('one', 'integer', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text')
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.insertInto('modelops_head').values({ one: 1, sequence: 0, hash: null, recorded_at: 0 }).execute()
  await db.schema
    .createTable('modelops_leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('modelops_marks')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('modelops_people')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute()
}
