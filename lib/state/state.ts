import type { Kysely } from 'kysely'
import { appendTo } from './append.ts'
import { canonicalJson } from './canonical.ts'
import type { Database } from './database.ts'
import { createLeases } from './leases.ts'
import { migrate } from './migrations.ts'
import { createPeopleNames } from './people.ts'
import type { EntryReader, Head, PeopleNames, State } from './port.ts'
import { createReader, walkEntries } from './reading.ts'
import type { Tables } from './tables.ts'

/** A state, and the database below it once that is open and its schema up to date: for what keeps it in order. */
export interface OpenableState extends State {
  /** Rejects with a StateError when it cannot be had; the next call tries again. */
  open(): Promise<Database>
}

/** A state over a database that `connect` opens, at first use. */
export function createStateOver(connect: () => Promise<Database>): OpenableState {
  let opening: Promise<Database> | undefined
  let closed = false

  async function opened(): Promise<Database> {
    if (closed) throw new Error('the state was used after it was closed')
    opening ??= openOnce(connect).catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  async function attempt<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = await opened()
    try {
      return await work(database)
    } catch (error) {
      throw database.failure(error)
    }
  }

  const reader: EntryReader = {
    read: (filter, page) => attempt(({ db }) => createReader(db).read(filter, page)),
    count: (filter) => attempt(({ db }) => createReader(db).count(filter)),
  }
  const withNames = <T>(work: (names: PeopleNames) => Promise<T>) =>
    attempt((database) => work(createPeopleNames(database)))

  return {
    ...reader,
    open: opened,
    append: (entries) => attempt(({ exclusively }) => exclusively((db) => appendTo(db, entries))),
    async appendDecided(decide) {
      const refusal: { reason?: unknown } = {}
      const answer = await attempt(({ exclusively, failure }) =>
        exclusively(async (db) => {
          const decided = await decide(withFailures(createReader(db), failure)).catch((reason: unknown) => {
            refusal.reason = reason
            return []
          })
          return appendTo(db, decided)
        }),
      )
      if ('reason' in refusal) throw refusal.reason
      return answer
    },
    walk: (filter, from) => walkEntries(reader, filter, from?.after),
    head: () => attempt(({ db }) => readHead(db)),
    async withLease(name, seconds, work) {
      const database = await opened()
      return createLeases(database)(name, seconds, work)
    },
    readMark: (name) => attempt(({ db }) => readMark(db, name)),
    writeMark: (name, value) =>
      attempt(async ({ writing }) => {
        const text = canonicalJson(value)
        await writing((db) =>
          db
            .insertInto('modelops_marks')
            .values({ name, value: text })
            .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
            .execute(),
        )
      }),
    people: {
      remember: (subject, name) => withNames((names) => names.remember(subject, name)),
      forget: (subject) => withNames((names) => names.forget(subject)),
      names: (subjects) => withNames((names) => names.names(subjects)),
    },
    async close() {
      closed = true
      const database = await opening?.catch(() => undefined)
      await database?.close()
    },
  }
}

function withFailures({ read, count }: EntryReader, failure: Database['failure']): EntryReader {
  const told = (error: unknown) => {
    throw failure(error)
  }
  return {
    read: (filter, page) => read(filter, page).catch(told),
    count: (filter) => count(filter).catch(told),
  }
}

async function openOnce(connect: () => Promise<Database>): Promise<Database> {
  const database = await connect()
  try {
    await database.migrating((db) => migrate(db))
    return database
  } catch (error) {
    await database.close().catch(() => {})
    throw database.failure(error)
  }
}

async function readHead(db: Kysely<Tables>): Promise<Head> {
  return db.selectFrom('modelops_head').select(['sequence', 'hash']).executeTakeFirstOrThrow()
}

async function readMark(db: Kysely<Tables>, name: string) {
  const row = await db.selectFrom('modelops_marks').select('value').where('name', '=', name).executeTakeFirst()
  return row && JSON.parse(row.value)
}
