import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely'
import type { Database } from './database.ts'
import { StateError } from './error.ts'
import type { Tables } from './tables.ts'

/** Milliseconds that a writer waits for its turn, while other processes write. */
const PATIENCE = 30_000
/** Milliseconds for which SQLite itself may wait, since all of this process waits with it. */
const BLOCKED = 20
/** SQLite's own numbers (https://sqlite.org/rescode.html); the rest of a code says more exactly what happened. */
const BUSY = 5

/** Opens a file, or `:memory:` for what nobody needs later. Throws as SQLite does; `failure` has the words. */
export function openSqlite(file: string): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const sqlite = new DatabaseSync(file, { timeout: BLOCKED })
  const check = sameFile(file)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyExpects(sqlite, check) }) })
  const exclusively: Database['exclusively'] = (work) => withTurn(db, work)
  const ready = patiently(async () => {
    sqlite.exec('pragma journal_mode = wal')
    // Beside `wal`, only `full` waits for the disk at each commit: what was acknowledged survives a loss of power.
    sqlite.exec('pragma synchronous = full')
  })
  return {
    db,
    exclusively,
    writing: exclusively,
    async migrating(work) {
      await ready
      await exclusively(work)
    },
    now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    failure: (cause) => (cause instanceof StateError ? cause : sqliteFailure(file, cause)),
    // The file, not Kysely: that closes it only once it was asked something.
    close: async () => {
      await db.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

/**
 * A check that the file is still the one that was opened. SQLite would go on with one that was deleted or replaced, and all that
 * it acknowledges would be gone with this process.
 */
function sameFile(file: string): () => void {
  if (file === ':memory:') return () => {}
  const inode = () => statSync(file, { throwIfNoEntry: false })?.ino
  const opened = inode()
  return () => {
    if (inode() !== opened) throw new FileGone(`${file} is not the file that was opened`)
  }
}

class FileGone extends Error {}

/** In the shape of better-sqlite3, which Kysely knows. */
function asKyselyExpects(sqlite: DatabaseSync, check: () => void): SqliteDatabase {
  type Values = readonly (string | number | null)[]
  return {
    close: () => sqlite.close(),
    prepare(text) {
      // What was begun is undone whatever has become of the file.
      if (text !== 'rollback') check()
      const statement = sqlite.prepare(text)
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as Values)),
        run: (values) => statement.run(...(values as Values)),
        iterate: (values) => statement.iterate(...(values as Values)),
      }
    },
  }
}

/** `begin immediate` takes the turn to write at once; one that only reads first could be refused when it comes to write. */
async function withTurn<T>(db: Kysely<Tables>, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  return patiently(() =>
    db.connection().execute(async (connection) => {
      await sql`begin immediate`.execute(connection)
      try {
        const result = await work(connection)
        await sql`commit`.execute(connection)
        return result
      } catch (error) {
        // SQLite has rolled back by itself after some failures, such as a full disk: what failed first is what is told.
        await sql`rollback`.execute(connection).catch(() => {})
        throw error
      }
    }),
  )
}

/** Again and again while another process has its turn; between attempts, others of this process have theirs. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) !== BUSY || performance.now() > end) throw error
      await delay(2 + Math.random() * 20)
    }
  }
}

function codeOf(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: number }
  return errcode === undefined ? undefined : errcode & 0xff
}

export function sqliteFailure(file: string, cause: unknown): StateError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  const gone = cause instanceof FileGone ? 'it was deleted or replaced: put it back and start again' : undefined
  const why = gone ?? reasons[codeOf(cause) ?? 0] ?? (code?.startsWith('ERR_') ? undefined : code)
  return new StateError(
    'STATE_UNAVAILABLE',
    `The state in ${file} cannot be used: ${why ?? 'the database failed'}. Attestations, waivers, use cases, gate decisions and observations are missing until it can; see to the file and its folder, or name another place (state).`,
    { cause },
  )
}

const reasons: Readonly<Record<number, string>> = {
  5: 'another process keeps it locked',
  8: 'it may not be written',
  10: 'the disk failed',
  11: 'the file is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened or created',
  26: 'it is no SQLite database',
}
