import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observed } from './observed.ts'
import { places, type StatePlace } from './places.ts'
import { stateAt } from './state-at.ts'

const CLI = join(import.meta.dirname, '../../app/modelops.js')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelops-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs `modelops` in the folder and gives back how it ended. */
function modelops(...args: string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  const options = { cwd: folder, env: { PATH: process.env.PATH } }
  execFile(process.execPath, [CLI, ...args], options, (error, out, err) =>
    resolve({ code: error ? Number(error.code) : 0, out, err }),
  )
  return promise
}

const source = 'sources: [{ id: ml, kind: mlflow, url: "http://127.0.0.1:9" }]\n'
const configure = (file: string, state: object) =>
  writeFileSync(join(folder, file), `${source}state: ${JSON.stringify(state)}\n`)

describe('modelops audit and state', () => {
  test.each(places)(
    'move what is kept from a file to %s and verify it, to an anchor too',
    async (_, createPlace) => {
      const target: StatePlace = await createPlace()
      configure('modelops.yaml', { file: 'own.db', retention: { gate: 1 } })
      configure('other.yaml', target.configured)
      const state = stateAt({ file: join(folder, 'own.db') })
      await state.append([{ kind: 'gate', actor: 'ann', content: { secret: 'gone' } }, ...[1, 2, 3].map(observed)])
      await state.people.remember('ann', 'Ann Example')
      await state.close()

      const head = await modelops('audit', 'head')
      expect(JSON.parse(head.out)).toMatchObject({
        sequence: 4,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        time: expect.any(String),
      })
      writeFileSync(join(folder, 'anchor.json'), head.out)
      expect(await modelops('state', 'export', 'all.ndjson')).toEqual({ code: 0, out: '', err: '' })
      expect(statSync(join(folder, 'all.ndjson')).mode & 0o777).toBe(0o600)
      expect(await modelops('state', 'export', 'all.ndjson')).toEqual({
        code: 1,
        out: '',
        err: 'The file all.ndjson is there already.\n',
      })
      expect((await modelops('state', 'export')).out).toBe(readFileSync(join(folder, 'all.ndjson'), 'utf8'))

      const other = ['--config', 'other.yaml']
      expect(await modelops('state', 'import', 'all.ndjson', ...other)).toEqual({
        code: 0,
        out: 'Imported 4 entries; their chain is whole.\n',
        err: '',
      })
      expect(await modelops('state', 'import', 'all.ndjson', ...other)).toMatchObject({
        code: 1,
        err: expect.stringContaining('needs an empty one'),
      })
      const verified = await modelops('audit', 'verify', '--anchor', 'anchor.json', ...other)
      expect(verified).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^The chain is whole: 4 entries, up to hash .*\nIt holds what was there at /),
      })

      await target.tamper("update modelops_entries set actor = 'bob' where sequence = 3")
      const broken = await modelops('audit', 'verify', '--json', ...other)
      expect({ code: broken.code, ...JSON.parse(broken.out) }).toMatchObject({
        code: 1,
        ok: false,
        broken: { sequence: 3, problem: 'CHANGED' },
      })
      expect((await modelops('audit', 'verify', ...other)).out).toMatch(/^BROKEN: Entry 3 \(.*\) was changed/)
      expect(await modelops('state', 'forget', 'ann')).toMatchObject({
        code: 0,
        out: expect.stringContaining('The name of ann is forgotten.'),
      })
      expect(await modelops('state', 'forget', 'ann')).toEqual({ code: 1, out: '', err: 'No name is kept for ann.\n' })
      await target.close()
    },
    60_000,
  )

  test('prune what is old, with a key made for its owner alone', async () => {
    configure('modelops.yaml', { file: 'own.db' })
    const state = stateAt({ file: join(folder, 'own.db') })
    await state.append([observed(1), { kind: 'gate', actor: 'ann', content: { secret: 'gone' } }])
    await state.close()
    expect(await modelops('state', 'prune')).toMatchObject({
      code: 1,
      err: 'Nothing is ever removed: state.retention is not configured.\n',
    })
    configure('modelops.yaml', { file: 'own.db', retention: { gate: 1 } })
    expect((await modelops('state', 'prune')).out).toMatch(/^Removed 0 entries/)
    expect(statSync(join(folder, '.modelops/state-key.pem')).mode & 0o777).toBe(0o600)
    expect((await modelops('audit', 'verify')).code).toBe(0)
  }, 60_000)

  test('say plainly what is wrong with the place', async () => {
    expect(await modelops('audit', 'verify')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing is configured'),
    })
    mkdirSync(join(folder, 'here.db'))
    configure('modelops.yaml', { file: 'here.db' })
    const checked = await modelops('check')
    expect(checked).toMatchObject({ code: 1, out: expect.stringContaining('it cannot be opened or created') })
    expect(checked.out).toMatch(/^state +sqlite +NO/m)
    configure('modelops.yaml', { postgres: 'postgres://m:hunter2@127.0.0.1:1/modelops' })
    const refused = await modelops('audit', 'head')
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining('127.0.0.1:1/modelops cannot be used: nothing listens there.'),
    })
    expect(refused.err + refused.out).not.toContain('hunter2')
    // Without a trace of ours, whatever else it may be.
    const foreign = new DatabaseSync(join(folder, 'foreign.db'))
    foreign.exec('create table t (a)')
    foreign.close()
    configure('modelops.yaml', { file: 'foreign.db' })
    expect(JSON.parse((await modelops('audit', 'head')).out)).toMatchObject({ sequence: 0, hash: null })
  }, 60_000)
})
