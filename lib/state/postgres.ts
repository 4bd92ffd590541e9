import type { Duplex } from 'node:stream'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool, type PoolClient, types } from 'pg'
import type { Secret } from '../config/secret.ts'
import type { Database } from './database.ts'
import { StateError } from './error.ts'
import type { Tables } from './tables.ts'

/** Milliseconds until a connection stands. */
const CONNECT_PATIENCE = 5_000
/** Milliseconds for one statement; who waits for the turn to write waits within it. */
const STATEMENT_PATIENCE = 30_000
/** Milliseconds until a connection that carries nothing any more is given up, a little after the server gave up itself. */
const SILENCE = STATEMENT_PATIENCE + 5_000
/** `bigint`, which pg gives as text; sequences and milliseconds fit a number. */
const BIGINT = 20
/** Any number that nobody else locks in this database. */
const MIGRATION_LOCK = 7_022_719_021_530

/** Opens a pool of connections, lazily; nothing is asked yet. */
export function openPostgres(url: Secret): Database {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: 10,
    connectionTimeoutMillis: CONNECT_PATIENCE,
    statement_timeout: STATEMENT_PATIENCE,
    query_timeout: SILENCE,
    keepAlive: true,
    application_name: 'modelops',
    types: {
      getTypeParser: (type, format) =>
        type === BIGINT && format !== 'binary' ? Number : types.getTypeParser(type, format),
    },
  })
  // A connection that breaks while nobody uses it leaves the pool; who needs one next gets another, or the error.
  pool.on('error', () => {})
  pool.on('connect', breakWhenSilent)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    exclusively: (work) =>
      db.transaction().execute(async (transaction) => {
        // Whatever the server's default is: what was acknowledged survives a crash of it.
        await sql`set local synchronous_commit = on`.execute(transaction)
        await transaction.selectFrom('modelops_head').select('sequence').forUpdate().execute()
        return work(transaction)
      }),
    writing: (work) => work(db),
    migrating: (work) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(transaction)
        await work(transaction)
      }),
    now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    failure: (cause) => (cause instanceof StateError ? cause : postgresFailure(url, cause)),
    close: () => db.destroy(),
  }
}

/**
 * pg leaves a question that was not answered in time on its connection, and the next one waits behind it: such a connection is
 * broken off, so that what waits fails at once and the pool makes another.
 */
function breakWhenSilent(client: PoolClient): void {
  // One that breaks while it is used says so in the question's error; without a listener, it would end this process.
  client.on('error', () => {})
  const query = client.query.bind(client) as (...all: unknown[]) => Promise<unknown>
  const asking = async (...all: unknown[]) => {
    try {
      return await query(...all)
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') streamOf(client).destroy()
      throw error
    }
  }
  client.query = asking as typeof client.query
}

/** What is below a connection, which the types of pg do not tell of. */
const streamOf = (client: PoolClient) => (client as unknown as { connection: { stream: Duplex } }).connection.stream

/** In words for the reader, without the address's credentials and without what the server said. */
export function postgresFailure(url: Secret, cause: unknown): StateError {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException
  const why = reasons[code] ?? (code ? `it failed (${code})` : 'it does not answer')
  return new StateError(
    'STATE_UNAVAILABLE',
    `The state in PostgreSQL at ${placeOf(url)} cannot be used: ${why}. Attestations, waivers, use cases, gate decisions and observations are missing until it can; see to that server, or to its address (state).`,
    { cause },
  )
}

function placeOf(url: Secret): string {
  const { hostname, port, pathname } = new URL(url.reveal())
  return `${hostname}:${port || 5_432}${pathname}`
}

/** System errors, and https://www.postgresql.org/docs/18/errcodes-appendix.html. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'it does not answer',
  '28000': 'the account is refused',
  '28P01': 'the password is refused',
  '3D000': 'there is no such database',
  '42501': 'the account may not do that',
  '53100': 'its disk is full',
  '53300': 'it has too many connections',
  '57014': 'it took too long',
  '57P01': 'it was shut down',
  '57P03': 'it is starting or stopping',
  '25006': 'it is read-only',
}
