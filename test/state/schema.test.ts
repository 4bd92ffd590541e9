import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { Secret } from '#lib/config/secret.ts'
import { createPostgresState, createSqliteState } from '#lib/state/create.ts'
import { SCHEMA_VERSION } from '#lib/state/migrations.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { observed } from './observed.ts'
import { places } from './places.ts'

/** What the first version of this program made and wrote: never changed, however the schema goes on. */
const FIRST = [
  'create table modelops_schema (one integer primary key, version integer not null)',
  'insert into modelops_schema values (1, 1)',
  `create table modelops_entries (sequence bigint primary key, id text not null unique, kind text not null, subject text,
    actor text not null, content text not null, at bigint not null, expires_at bigint, refers_to text,
    deduplication_key text unique, fingerprint text, recorded_at bigint not null, previous_hash text, hash text not null)`,
  'create table modelops_head (one integer primary key, sequence bigint not null, hash text, recorded_at bigint not null)',
  'create table modelops_leases (name text primary key, holder text not null, until bigint not null)',
  'create table modelops_marks (name text primary key, value text not null)',
  'create table modelops_people (subject text primary key, name text not null)',
  `insert into modelops_entries values (1, 'e-1', 'waiver', 'Model:a:1', 'ann', '{"reason":"so"}', 1767225600000, null, null,
    null, null, 1767225600000, null, 'FIRST_HASH')`,
  "insert into modelops_head values (1, 1, 'FIRST_HASH', 1767225600000)",
]
const FIRST_HASH = 'dd27b84feb32d0c9375cc1d2f02b8d0908fa059cbf51c3e169b9f2b50c265177'

describe.each(places)('the schema in %s', (name, createPlace) => {
  const folderMade = async (place: Awaited<ReturnType<typeof createPlace>>) => {
    // Makes the folder of the file, and nothing else.
    if ('file' in place.configured) (await import('node:fs')).mkdirSync(join(place.configured.file, '..'))
  }

  test('of the first version comes along, and its entries with their hashes', async () => {
    const place = await createPlace()
    await folderMade(place)
    for (const sql of FIRST) await place.tamper(sql.replace('FIRST_HASH', FIRST_HASH))
    const state = place.open()
    await state.append([observed(1)])
    expect(await state.read({ kinds: ['waiver'] }, { first: 1 })).toMatchObject({
      entries: [{ id: 'e-1', hash: FIRST_HASH }],
    })
    expect(await verifyChain(await state.open(), { keys: [] })).toMatchObject({ entries: 2, broken: null })
    await state.close()
    await place.close()
  })

  test('of a newer program is refused in plain words, and left as it is', async () => {
    const place = await createPlace()
    const first = place.open()
    await first.append([observed(1)])
    await first.close()
    await place.tamper(`update modelops_schema set version = ${SCHEMA_VERSION + 1}`)
    const state = place.open()
    await expect(state.append([observed(2)])).rejects.toMatchObject({
      code: 'STATE_TOO_NEW',
      message: `The state was written by a newer modelops (its schema is ${SCHEMA_VERSION + 1}, this program knows ${SCHEMA_VERSION}): start that version or a newer one. Nothing was changed.`,
    })
    await place.tamper(`update modelops_schema set version = ${SCHEMA_VERSION}`)
    expect(await state.count({}), name).toBe(1)
    await state.close()
    await place.close()
  })
})

describe('a state that cannot be had', () => {
  test('says why, where it is and what is missing, and no password', async () => {
    const url = new URL(inject('postgres'))
    const messageAt = async (change: (url: URL) => void) => {
      const there = new URL(url)
      there.password = 'hunter2'
      change(there)
      const state = createPostgresState(new Secret(there.href))
      const error: Error & { code?: string } = await state.head().then(
        () => new Error('no error'),
        (caught) => caught,
      )
      await state.close()
      expect(error.code).toBe('STATE_UNAVAILABLE')
      expect(error.message).not.toContain('hunter2')
      return error.message
    }
    expect(
      await messageAt((there) => {
        there.pathname = '/nothing'
      }),
    ).toBe(
      `The state in PostgreSQL at 127.0.0.1:${url.port}/nothing cannot be used: there is no such database. Attestations, waivers, use cases, gate decisions and observations are missing until it can; see to that server, or to its address (state).`,
    )
    expect(
      await messageAt((there) => {
        there.port = '1'
      }),
    ).toContain('127.0.0.1:1/postgres cannot be used: nothing listens there.')
    expect(
      await messageAt((there) => {
        there.username = 'nobody-known'
      }),
    ).toContain('the account is refused')
  })

  test('is tried again, so it is there once it can be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelops-state-'))
    const file = join(folder, 'state.db')
    writeFileSync(file, 'this is no database at all, but a text that somebody put there. '.repeat(40))
    const state = createSqliteState(file)
    await expect(state.head()).rejects.toThrow(`The state in ${file} cannot be used: it is no SQLite database.`)
    rmSync(file)
    expect(await state.head()).toEqual({ sequence: 0, hash: null })
    await state.close()
    writeFileSync(join(folder, 'file'), '')
    const below = createSqliteState(join(folder, 'file', 'state.db'))
    await expect(below.append([observed(1)])).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' })
    await below.close()
    rmSync(folder, { recursive: true })
  })
})
