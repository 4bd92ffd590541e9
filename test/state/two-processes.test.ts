import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { startMlflow } from '#demo/mlflow/index.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { freePorts } from '../live/servers/ports.ts'
import { places } from './places.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
}, 60_000)

const MODEL = 'Model:mlflow:churn'
const createdAt = Date.UTC(2026, 0, 5)
const version = { createdAt, source: 's3://models/churn' }
const PATIENCE = { timeout: 30_000, interval: 200 }

interface Gateway {
  readonly process: ChildProcess
  // biome-ignore lint/suspicious/noExplicitAny: answers of many forms
  ask(query: string, key?: string): Promise<any>
}

/** A registry, a receiver of notifications, and gateways over one PostgreSQL, each a process of its own. */
async function start() {
  const [, createPlace] = places.find(([name]) => name === 'PostgreSQL') ?? []
  if (!createPlace) throw new Error('there is no PostgreSQL')
  const place = await createPlace()
  const mlflow = await startMlflow({
    version: '3.17.2',
    data: { models: [{ name: 'churn', createdAt, aliases: { champion: '1' }, versions: [version, version, version] }] },
  })
  const receiver = await startFaultServer()
  const folder = mkdtempSync(join(tmpdir(), 'modelops-two-'))
  closers.push(place.close, mlflow.close, receiver.close, () => rmSync(folder, { recursive: true }))

  async function gateway(name: string): Promise<Gateway> {
    const [port = 0] = await freePorts(1)
    const file = join(folder, `${name}.yaml`)
    const config = {
      sources: [{ id: 'mlflow', kind: 'mlflow', url: mlflow.url }],
      gateway: { port },
      index: { freshSeconds: 1 },
      delivery: { everySeconds: 1, healthEverySeconds: 600 },
      notifications: [{ id: 'champions', when: { kinds: ['CHAMPION_CHANGED'] }, url: receiver.url }],
      state: place.configured,
    }
    writeFileSync(file, stringify(config).replaceAll('$', '$$$$'))
    const args = [join(import.meta.dirname, '../../app/cli.ts'), 'start', '--config', file]
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    closers.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
    const url = `http://127.0.0.1:${port}`
    await vi.waitFor(async () => {
      if (child.exitCode !== null) throw new Error(said)
      expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    }, PATIENCE)
    return {
      process: child,
      async ask(query, key) {
        const response = await fetch(`${url}/graphql`, {
          ...{ method: 'POST', body: JSON.stringify({ query }) },
          headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
        })
        return response.json()
      },
    }
  }
  const promote = (to: string) =>
    fetch(`${mlflow.url}/api/2.0/mlflow/registered-models/alias`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ name: 'churn', alias: 'champion', version: to }),
    })
  const state = place.open()
  closers.push(state.close)
  return { place, receiver, gateway, promote, state }
}

test('two gateways keep one chain, show each other’s records at once, and observe and notify once', async () => {
  expect(inject('postgres')).toMatch(/^postgres:/)
  const { receiver, gateway, promote, state } = await start()
  const [one, two] = await Promise.all([gateway('one'), gateway('two')])
  const attest = (n: number) =>
    `mutation { attest(input: { subject: "${MODEL}", kind: REVIEW, statement: "well ${n}" }) { id } }`
  for (let n = 0; n < 5; n += 1) {
    const answers = await Promise.all([one, two, one, two].map(({ ask }) => ask(attest(n), `key-${n}`)))
    expect(new Set(answers.map(({ data }) => data.attest.id)).size).toBe(1)
  }
  expect(await state.count({ kinds: ['attestation'] })).toBe(5)

  const FINDING = `{ model(id: "${MODEL}") { compliance { findings(rules: ["purpose-stated"]) { outcome } } } }`
  const outcomeAt = async ({ ask }: Gateway) => (await ask(FINDING)).data.model.compliance.findings[0].outcome
  for (let n = 0; n < 4; n += 1) {
    const [here, there] = n % 2 ? [one, two] : [two, one]
    expect(await outcomeAt(there)).toBe('FAIL')
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
    const made = await here.ask(
      `mutation { waive(input: { subject: "${MODEL}", policy: "purpose-stated", reason: "is new", expiresAt: "${expiresAt}" }) { id } }`,
    )
    expect(await outcomeAt(there)).toBe('WAIVED')
    await here.ask(`mutation { revokeWaiver(id: "${made.data.waive.id}", reason: "done") { id } }`)
  }

  // Both are past their first looks, which only find.
  await vi.waitFor(async () => expect(await state.readMark('notifications.champions')).toBeTypeOf('number'), PATIENCE)
  await vi.waitFor(async () => {
    expect(await state.count({ kinds: ['observation'], subjects: [MODEL] })).toBeGreaterThan(0)
  }, PATIENCE)
  await promote('2')
  await vi.waitFor(() => expect(receiver.calls.length).toBeGreaterThan(0), PATIENCE)
  await delay(4_000)
  expect(receiver.calls).toHaveLength(1)
  const { entries } = await state.read({ kinds: ['observation'], subjects: [MODEL] }, { first: 50 })
  const changes = entries.filter(({ content }) => content.observation === 'CHAMPION_CHANGED')
  expect(changes.map(({ content }) => content.after)).toEqual(['1', '2'])
  expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
}, 90_000)

test('what a killed gateway had begun to tell is told by the other one, which observes on', async () => {
  const { receiver, gateway, promote, state } = await start()
  const one = await gateway('one')
  await vi.waitFor(async () => expect(await state.readMark('notifications.champions')).toBeTypeOf('number'), PATIENCE)
  await vi.waitFor(async () => {
    expect(await state.count({ kinds: ['observation'], subjects: [MODEL] })).toBeGreaterThan(0)
  }, PATIENCE)
  await receiver.fault({ kind: 'hang' })
  await promote('2')
  // It is sending, under its lease, and nothing says yet that it was received.
  await vi.waitFor(() => expect(receiver.calls).toHaveLength(1), PATIENCE)
  await gateway('two')
  one.process.kill('SIGKILL')
  await once(one.process, 'exit')
  await receiver.heal()
  await promote('3')

  const lasting = { timeout: 120_000, interval: 500 }
  await vi.waitFor(async () => expect(await state.count({ kinds: ['notification'] })).toBe(2), lasting)
  const told = receiver.calls.map(({ body, headers }) => [headers['webhook-id'], JSON.parse(body).data.after])
  const ids = new Map(told.map(([id, after]) => [id, after]))
  // Each by its id: at least once, in order.
  expect([...ids.values()]).toEqual(['2', '3'])
  expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
}, 200_000)
