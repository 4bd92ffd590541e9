import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shareNothing } from '#lib/cache/share.ts'
import { buildConfig } from '#lib/config/load.ts'
import { Secret } from '#lib/config/secret.ts'
import { SourceState } from '#lib/source-state.ts'
import type { Delivery } from '#lib/webhook.ts'
import { mlflow } from '#services/models/mlflow/index.ts'
import { createVerifier } from '#services/models/mlflow/webhook.ts'
import type { RegistryPort } from '#services/models/port.ts'
import { artifactKey, createRegistry } from '#services/models/registry.ts'

const RECORDED = join(import.meta.dirname, '../../../services/models/mlflow/fixtures/mlflow-3.17.2')

/** What a real MLflow 3.17.2 sent, and the secret that its webhook had. */
const recordings = readdirSync(RECORDED).map((file) => {
  const { request } = JSON.parse(readFileSync(join(RECORDED, file), 'utf8'))
  return { name: file.replace(/^\d+-webhook-delivery-|\.json$/g, ''), ...request } as Recording
})
const SECRET = new Secret('s3cret-for-tests')

interface Recording {
  name: string
  headers: Record<string, string>
  rawBody: string
}

function recorded(name: string): Recording {
  const found = recordings.find((one) => one.name === name)
  if (!found) throw new Error(`no delivery ${name} was recorded`)
  return found
}

function delivery({ headers, rawBody }: Recording, changed: Record<string, string> = {}): Delivery {
  const lower = Object.entries({ ...headers, ...changed }).map(([key, value]) => [key.toLowerCase(), value] as const)
  const byName = new Map(lower)
  return { tool: 'mlflow', source: 's', header: (name) => byName.get(name), body: Buffer.from(rawBody) }
}

/** As MLflow signs, for what it never sent. */
function signed(rawBody: string, { id = 'd', seconds = Math.floor(Date.now() / 1_000) } = {}): Delivery {
  const signature = createHmac('sha256', SECRET.reveal()).update(`${id}.${seconds}.${rawBody}`).digest('base64')
  const headers = {
    'X-MLflow-Delivery-Id': id,
    'X-MLflow-Timestamp': String(seconds),
    'X-MLflow-Signature': `v1,${signature}`,
  }
  return delivery({ name: 'made', headers, rawBody })
}

beforeEach(() => {
  // When the deliveries were recorded.
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_795_489_820_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe("MLflow's webhooks", () => {
  it.each(recordings)('as MLflow 3.17.2 sent them are taken: $name', (recording) => {
    const { status, change } = createVerifier(SECRET)(delivery(recording))
    expect(status).toBe(204)
    // Prompts are not read.
    expect(change === undefined).toBe(recording.name.startsWith('prompt'))
  })

  it('name the version and the run that changed', () => {
    const created = '{"entity":"model_version","action":"created","data":{"name":"m","version":"3","run_id":"r"}}'
    expect(createVerifier(SECRET)(signed(created)).change).toEqual({
      version: { model: 'm', version: '3' },
      runId: 'r',
    })
    const model = createVerifier(SECRET)(delivery(recorded('registered_model-created')))
    expect(model.change).toEqual({ version: null, runId: null })
  })

  const one = recorded('model_version-created')
  const tampered = { ...one, rawBody: one.rawBody.replace('hook-model', 'hook-modeI') }
  const signature = one.headers['X-MLflow-Signature'] ?? ''
  const refused: [string, Delivery, number, string][] = [
    ['whose body was changed', delivery(tampered), 401, 'The signature is wrong'],
    ['whose id was changed', delivery(one, { 'X-MLflow-Delivery-Id': 'another' }), 401, 'The signature is wrong'],
    ['whose time was changed', delivery(one, { 'X-MLflow-Timestamp': '1795489816' }), 401, 'The signature is wrong'],
    ['with a shorter signature', delivery(one, { 'X-MLflow-Signature': 'v1,QOUDAoZs' }), 401, 'The signature is wrong'],
    ['with a longer one', delivery(one, { 'X-MLflow-Signature': `${signature}AAAA` }), 401, 'The signature is wrong'],
    [
      'in another scheme',
      delivery(one, { 'X-MLflow-Signature': signature.replace('v1', 'v2') }),
      401,
      'signature is wrong',
    ],
    ['without a signature', delivery({ ...one, headers: {} }), 401, 'is not signed'],
  ]
  it.each(refused)('are refused %s', (_, given, status, words) => {
    const answer = createVerifier(SECRET)(given)
    expect([answer.status, answer.change]).toEqual([status, undefined])
    expect(answer.message).toContain(words)
  })

  it('are refused when they were signed for another source', () => {
    expect(createVerifier(new Secret('another'))(delivery(one)).status).toBe(401)
  })

  it.each([-301, 301])('are refused %i seconds away from now, and taken just before that', (seconds) => {
    const now = Math.floor(Date.now() / 1_000)
    const body = '{"entity":"registered_model","action":"created","data":{}}'
    const verify = createVerifier(SECRET)
    expect(verify(signed(body, { seconds: now + seconds }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('clocks'),
    })
    expect(verify(signed(body, { seconds: now + seconds - Math.sign(seconds) * 2 })).status).toBe(204)
  })

  it('are taken once each, and a forged one does not use up the id of a true one', () => {
    const verify = createVerifier(SECRET)
    expect(verify(delivery(tampered)).status).toBe(401)
    expect(verify(delivery(one)).status).toBe(204)
    expect(verify(delivery(one))).toEqual({ status: 409, message: 'This delivery was taken before.' })
    expect(verify(delivery(recorded('model_version_tag-set'))).status).toBe(204)
  })

  it.each(['', '[]', '{"entity":1}', 'no JSON'])('are refused when what is signed is no event: %j', (body) => {
    expect(createVerifier(SECRET)(signed(body))).toMatchObject({
      status: 400,
      message: expect.stringContaining('no event of MLflow'),
    })
  })
})

describe('a registry', () => {
  const run = { runId: 'r', status: 'RUNNING', endedAt: null, inputs: [] }
  const version = { version: '3', runId: 'r', loggedModelId: null, artifactUri: null, tags: [] }
  const model = { name: 'm', aliases: [], tags: [], versions: [version] }

  /** Over a port that counts how often it is read. */
  function registry(source: object) {
    const port = {
      models: vi.fn(async () => ({ models: [model], truncated: false })),
      runs: vi.fn(async (ids: readonly string[]) => ids.map(() => run)),
      artifacts: vi.fn(async (keys: readonly unknown[]) =>
        keys.map(() => ({ flavors: [], inputs: null, outputs: null })),
      ),
    }
    const config = buildConfig({ sources: [{ id: 's', kind: 'mlflow', url: 'http://127.0.0.1', ...source }] }, kinds)
    const [configured] = config.sources
    if (!configured) throw new Error('one source is configured')
    const log = pino({ level: 'silent' })
    const state = new SourceState()
    const upstream = { request: () => Promise.reject(new Error('not asked here')), close: async () => {} }
    const { received } = mlflow.create({ source: configured, upstream, state, links: [], registries: ['s'], log })
    const connected = {
      ...{ id: 's', kind: 'mlflow', title: 's', state, upstream, share: shareNothing },
      port: { ...port, received } as unknown as RegistryPort,
    }
    return { port, registry: createRegistry(connected, config, log) }
  }
  const kinds = { mlflow: mlflow.options }
  const patient = { signal: new AbortController().signal }
  const created = () =>
    signed('{"entity":"model_version","action":"created","data":{"name":"m","version":"3","run_id":"r"}}')

  it('reads anew at once what a delivery names, and only then', async () => {
    const { port, registry: it } = registry({ webhookSecret: SECRET.reveal() })
    const artifact = artifactKey({ model: 'm', version: '3' })
    await it.runIndex.read(patient)
    await it.artifacts.readMany([artifact], patient)
    expect([port.models, port.runs, port.artifacts].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1])
    vi.advanceTimersByTime(2_000)

    expect(it.receive(delivery({ ...recorded('model_version-created'), headers: {} }))?.status).toBe(401)
    expect(it.receive(delivery(recorded('prompt-created')))?.status).toBe(204)
    expect((await it.index.read(patient)).stale).toBe(false)

    expect(it.receive(created())?.status).toBe(204)
    expect((await it.index.read(patient)).stale).toBe(true)
    await vi.waitFor(() => expect([port.models, port.runs].map(({ mock }) => mock.calls.length)).toEqual([2, 2]))
    expect((await it.index.read(patient)).stale).toBe(false)
    expect(await it.artifacts.readMany([artifact], patient)).toMatchObject([{ stale: false }])
    expect(port.artifacts).toHaveBeenCalledTimes(2)
    await it.close()
  })

  it('expects no delivery without a secret', async () => {
    const { registry: it } = registry({})
    expect(it.receive(created())).toBeUndefined()
    await it.close()
  })
})
