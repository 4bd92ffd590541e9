import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import type { OpenableState } from '#lib/state/state.ts'
import { stateAt, type Where } from './state-at.ts'

/** Where a state can be; each `open` is another instance over the same. */
export interface StatePlace {
  /** As `state:` in the configuration. */
  readonly configured: Where
  open(): OpenableState
  /** Runs SQL as somebody who has the database would. */
  tamper(sql: string): Promise<void>
  close(): Promise<void>
}

async function sqlitePlace(): Promise<StatePlace> {
  const { DatabaseSync } = await import('node:sqlite')
  const folder = mkdtempSync(join(tmpdir(), 'modelops-state-'))
  const configured = { file: join(folder, 'new', 'state.db') }
  return {
    configured,
    open: () => stateAt(configured),
    async tamper(sql) {
      const database = new DatabaseSync(configured.file)
      database.exec(sql)
      database.close()
    },
    close: async () => rmSync(folder, { recursive: true }),
  }
}

async function postgresPlace(): Promise<StatePlace> {
  const schema = `t_${randomBytes(6).toString('hex')}`
  const configured = { postgres: `${inject('postgres')}?options=${encodeURIComponent(`-c search_path=${schema}`)}` }
  const tamper = async (sql: string) => {
    const client = new Client({ connectionString: configured.postgres })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await tamper(`create schema ${schema}`)
  return {
    configured,
    tamper,
    open: () => stateAt(configured),
    close: () => tamper(`drop schema ${schema} cascade`),
  }
}

/** Both databases, each a place of its own for every call: what is true of one has to be true of the other. */
export const places: readonly (readonly [string, () => Promise<StatePlace>])[] = [
  ['SQLite', sqlitePlace],
  ['PostgreSQL', postgresPlace],
]
