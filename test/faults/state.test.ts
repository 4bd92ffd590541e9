import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Secret } from '#lib/config/secret.ts'
import { createPostgresState, createSqliteState } from '#lib/state/create.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { startRealPostgres } from '../live/servers/postgres.ts'
import { DEADLINE, type Judged, startJudged } from './judged.ts'
import { startTcpProxy } from './tcp-proxy.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
}, 60_000)

/** What is shown while the state cannot be had: the tools' part whole, the state's part null with its reason, nothing green. */
async function expectIncomplete({ look }: Judged, message: string) {
  const { answer, parts, milliseconds } = await look()
  expect(milliseconds).toBeLessThan(DEADLINE)
  expect(answer.status).toBe(200)
  const [model] = parts.models.nodes
  expect(model).toMatchObject({ name: 'credit', attestations: null, waivers: null })
  expect(parts).toMatchObject({ useCases: null, attestations: null, observations: null })
  for (const { extensions, message: told } of answer.errors ?? []) {
    expect(extensions?.code).toBe('STATE_UNAVAILABLE')
    expect(told).toContain(message)
    expect(told).not.toContain('pa55word')
  }
  expect(answer.errors?.length).toBeGreaterThanOrEqual(5)
  // What fails may be waived: neither that it fails nor that it is waived is claimed.
  expect(model?.compliance).toMatchObject({
    status: 'UNKNOWN',
    findings: [{ outcome: 'UNKNOWN', waivedBy: null, message: expect.stringContaining('Whether that is waived') }],
  })
  expect(model?.compliance?.incomplete).toContainEqual({
    ...{ reason: 'DOWN', message: expect.stringContaining('The recorded waivers could not be read') },
  })
  expect(model?.review?.state).not.toBe('CURRENT')
}

async function expectWaived({ look }: Judged) {
  const { answer, parts } = await look()
  expect(answer.errors).toBeUndefined()
  expect(parts.models.nodes[0]?.compliance?.findings).toMatchObject([{ outcome: 'WAIVED', waivedBy: 'local' }])
}

describe('PostgreSQL', () => {
  it('that is killed and started again takes its part along meanwhile, and loses nothing', async () => {
    const postgres = await startRealPostgres()
    closers.push(postgres.stop)
    const state = createPostgresState(new Secret(postgres.url))
    const judged = await startJudged(state)
    closers.push(judged.close)
    await judged.waive()
    const before = await judged.attest('before', 'a')
    expect(before.errors).toBeUndefined()
    await expectWaived(judged)

    await postgres.crash()
    // Whichever way a connection notices.
    await expectIncomplete(judged, 'The state in PostgreSQL at 127.0.0.1:')
    const refused = await judged.attest('meanwhile', 'b')
    expect(refused).toMatchObject({ data: { attest: null }, errors: [{ extensions: { code: 'STATE_UNAVAILABLE' } }] })
    expect(refused.errors?.[0]?.message).toContain('nothing listens there')
    const gate = await judged.gate()
    expect(gate).toMatchObject({ status: 503, text: expect.stringContaining('UNDECIDED') })

    await postgres.startAgain()
    await vi.waitFor(() => expectWaived(judged), { timeout: 10_000, interval: 200 })
    expect(await judged.attest('before', 'a')).toEqual(before)
    expect((await judged.attest('meanwhile', 'b')).errors).toBeUndefined()
    expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
    expect(await state.count({ kinds: ['attestation'] })).toBe(2)
    expect(await state.count({ kinds: ['gate'] })).toBe(0)
  }, 60_000)

  it('that hangs holds up nothing else, and what is asked again with its key is recorded once', async () => {
    const postgres = await startRealPostgres()
    const { port, hostname } = new URL(postgres.url)
    const proxy = await startTcpProxy(Number(port))
    closers.push(postgres.stop, proxy.close)
    const address = postgres.url.replace(`${hostname}:${port}`, `${hostname}:${proxy.port}`)
    const state = createPostgresState(new Secret(address))
    const judged = await startJudged(state)
    closers.push(judged.close)
    await judged.waive()
    await expectWaived(judged)

    proxy.stall()
    await expectIncomplete(judged, 'The state')
    const start = performance.now()
    const asked = await judged.attest('hung', 'k')
    expect(asked).toMatchObject({ data: { attest: null }, errors: [{ extensions: { code: 'STATE_UNAVAILABLE' } }] })
    expect(performance.now() - start).toBeLessThan(DEADLINE)
    expect((await judged.gate(['version-ready'])).status).toBe(503)

    proxy.resume()
    await expectWaived(judged)
    const [one, two] = await Promise.all([judged.attest('hung', 'k'), judged.attest('hung', 'k')])
    expect(one.errors).toBeUndefined()
    expect(two).toEqual(one)
    expect(await state.count({ kinds: ['attestation'] })).toBe(1)
    expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
  }, 60_000)
})

describe('SQLite', () => {
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelops-fault-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    return folder
  }
  async function start(folder = newFolder()) {
    const file = join(folder, 'state.db')
    const state = createSqliteState(file)
    const judged = await startJudged(state)
    closers.push(judged.close)
    return { file, folder, state, judged }
  }

  it('that another process keeps locked is read all the same, and what cannot be written in time is said', async () => {
    const { file, state, judged } = await start()
    await judged.waive()
    const script = `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1]);
      db.exec('begin immediate'); console.log('locked'); process.stdin.on('data', () => { db.exec('rollback'); process.exit(0) })`
    const other = spawn(process.execPath, ['-e', script, file], { stdio: ['pipe', 'pipe', 'ignore'] })
    closers.push(() => other.kill())
    await new Promise((resolve) => other.stdout.once('data', resolve))

    await expectWaived(judged)
    const asked = await judged.attest('waits', 'w')
    expect(asked.errors).toMatchObject([{ extensions: { code: 'STATE_UNAVAILABLE' } }])
    expect((await judged.gate(['version-ready'])).status).toBe(503)

    other.stdin.write('end')
    await vi.waitFor(async () => expect((await judged.attest('waits', 'w')).errors).toBeUndefined(), {
      timeout: 10_000,
    })
    expect(await state.count({ kinds: ['attestation'] })).toBe(1)
  }, 40_000)

  it('whose file is deleted or replaced acknowledges nothing that would be gone with the process', async () => {
    const { file, state, judged } = await start()
    await judged.waive()
    renameSync(file, `${file}.kept`)
    await expectIncomplete(judged, 'it was deleted or replaced')
    expect((await judged.attest('lost')).errors).toMatchObject([{ extensions: { code: 'STATE_UNAVAILABLE' } }])
    writeFileSync(file, '')
    expect((await judged.attest('lost')).errors).toMatchObject([{ extensions: { code: 'STATE_UNAVAILABLE' } }])
    // Put back, it goes on.
    renameSync(`${file}.kept`, file)
    await expectWaived(judged)
    expect((await judged.attest('kept')).errors).toBeUndefined()
    expect(await state.count({ kinds: ['attestation'] })).toBe(1)
  })

  it('that is no database, or a folder, says so', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'state.db'), 'no database at all, but long enough to look like one. '.repeat(100))
    const { judged } = await start(folder)
    await expectIncomplete(judged, 'it is no SQLite database')
  })

  // Only who may mount can make a disk that is full or read-only: in containers that is root.
  describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0 || !mayMount())('on a disk', () => {
    const mounted = (size: string) => {
      const folder = mkdtempSync(join(tmpdir(), 'modelops-disk-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder])
      closers.push(
        () => rmSync(folder, { recursive: true }),
        () => execFileSync('umount', ['-l', folder]),
      )
      return folder
    }

    it('that is full says so, keeps what was acknowledged, and goes on when there is room', async () => {
      const { folder, state, judged } = await start(mounted('1m'))
      await judged.waive()
      let refused = await judged.attest('x'.repeat(9_000))
      let recorded = 0
      for (; !refused.errors && recorded < 500; recorded += 1) refused = await judged.attest('x'.repeat(9_000))
      expect(recorded).toBeLessThan(500)
      expect(refused.errors).toMatchObject([{ extensions: { code: 'STATE_UNAVAILABLE' } }])
      expect(refused.errors?.[0]?.message).toContain('the disk is full')
      // What is there can be read, and the gate records nothing, so it permits nothing.
      await expectWaived(judged)
      expect(await state.count({ kinds: ['attestation'] })).toBe(recorded)

      execFileSync('mount', ['-o', 'remount,size=8m', folder])
      expect((await judged.attest('again')).errors).toBeUndefined()
      expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
    }, 60_000)

    it('that is read-only says so', async () => {
      const folder = mounted('4m')
      const earlier = createSqliteState(join(folder, 'state.db'))
      await earlier.append([{ kind: 'observation', actor: 'service:test', content: {} }])
      await earlier.close()
      execFileSync('mount', ['-o', 'remount,ro', folder])
      const { judged } = await start(folder)
      const { errors } = await judged.attest('not written')
      expect(errors).toMatchObject([{ extensions: { code: 'STATE_UNAVAILABLE' } }])
      expect(errors?.[0]?.message).toContain(folder)
      expect((await judged.gate(['version-ready'])).status).toBe(503)
      expect((await judged.look()).parts.models.nodes).toHaveLength(1)
    })
  })
})

describe('the gate', () => {
  it('opens for no facts of a source that fell silent, however well it is remembered', async () => {
    const judged = await startJudged(createSqliteState(':memory:'))
    closers.push(judged.close)
    const policies = ['version-ready']
    expect(await judged.gate(policies)).toMatchObject({ status: 200, text: expect.stringContaining('"ALLOWED"') })
    await judged.registry.fault({ kind: 'reset' })
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    // Clients are still answered from memory.
    expect((await judged.look()).parts.models.nodes).toHaveLength(1)
    const { status, text } = await judged.gate(policies)
    expect([status, text]).toEqual([503, expect.stringContaining('UNDECIDED')])
  }, 40_000)
})

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'modelops-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
