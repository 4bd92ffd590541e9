import type { Kysely, RawBuilder } from 'kysely'
import type { Tables } from './tables.ts'

/** An open database: what SQLite and PostgreSQL do each in their own way. */
export interface Database {
  readonly db: Kysely<Tables>
  /**
   * A transaction in which nobody else writes to the log, in this process or another; durable when it resolves, undone when
   * the work rejects.
   */
  exclusively<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** A write beside the log, when it is its turn. */
  writing<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** A transaction in which nobody else migrates. */
  migrating(work: (db: Kysely<Tables>) => Promise<void>): Promise<void>
  /** The clock that all instances share, in milliseconds since 1970. */
  readonly now: RawBuilder<number>
  /** What failed, for the reader, with what to do; the error of the driver is kept as the cause. */
  failure(cause: unknown): Error
  close(): Promise<void>
}
