import { resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { Secret } from '../config/secret.ts'
import { createStateOver, type OpenableState } from './state.ts'

/** The configured state, opened at first use. */
export function createState({ postgres, file = '.modelops/state.db' }: Config['state']): OpenableState {
  return postgres ? createPostgresState(postgres) : createSqliteState(resolve(file))
}

/** A state in a file. Opened at first use, and so is what it needs of modules. */
export function createSqliteState(file: string): OpenableState {
  return createStateOver(async () => {
    const { openSqlite, sqliteFailure } = await import('./sqlite.ts')
    try {
      return openSqlite(file)
    } catch (error) {
      throw sqliteFailure(file, error)
    }
  })
}

/** A state in PostgreSQL. Opened at first use; who never does needs no `pg`. */
export function createPostgresState(url: Secret): OpenableState {
  return createStateOver(async () => (await import('./postgres.ts')).openPostgres(url))
}

/** A state that is gone with this process: for the demonstration and for tests. */
export function createMemoryState(): OpenableState {
  return createSqliteState(':memory:')
}
