import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type OpenInferenceOptions,
  type OpenInferenceStandIn,
  type ServedModelSpec,
  startOpenInference,
} from '#demo/open-inference/index.ts'
import { ask } from './recordings.ts'

const running: OpenInferenceStandIn[] = []

async function start(options: OpenInferenceOptions): Promise<OpenInferenceStandIn> {
  const server = await startOpenInference(options)
  running.push(server)
  return server
}

const get = (server: OpenInferenceStandIn, path: string) => ask(server.url, { method: 'GET', path, body: null })
const post = (server: OpenInferenceStandIn, path: string) => ask(server.url, { method: 'POST', path, body: {} })

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

describe('Open Inference stand-in', () => {
  it('keeps every call, with the path as it was sent', async () => {
    const server = await start({ dialect: 'mlserver', models: [] })
    await get(server, '/v2/models/a%2Fb?x=1')
    await post(server, '/v2/repository/index')
    expect(server.calls).toEqual([
      { method: 'GET', path: '/v2/models/a%2Fb?x=1' },
      { method: 'POST', path: '/v2/repository/index' },
    ])
  })

  it('keeps a connection open for the next request', async () => {
    const server = await start({ dialect: 'triton', models: [] })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const reused = () =>
      new Promise<boolean>((resolve, reject) => {
        const outgoing = request(`${server.url}/v2`, { agent }, async (incoming) => {
          await text(incoming)
          resolve(outgoing.reusedSocket)
        })
        outgoing.on('error', reject).end()
      })
    expect([await reused(), await reused()]).toEqual([false, true])
    agent.destroy()
  })

  it('refuses to set the state of a version it does not have', async () => {
    const server = await start({ dialect: 'mlserver', models: [{ name: 'iris', version: '1' }] })
    expect(() => server.setState('iris', '2', 'failed')).toThrow('no "iris" version "2"')
    expect(() => server.setState('iris', undefined, 'failed')).toThrow('no "iris" without a version')
  })

  it('refuses models that the real server could not have', async () => {
    const twice: ServedModelSpec[] = [{ name: 'iris' }, { name: 'iris' }]
    await expect(startOpenInference({ dialect: 'mlserver', models: twice })).rejects.toThrow('given twice')
    const text: ServedModelSpec[] = [{ name: 'iris', version: 'v1' }]
    await expect(startOpenInference({ dialect: 'triton', models: text })).rejects.toThrow('numbers its versions')
  })

  it('rejects when its port is taken', async () => {
    const { url } = await start({ dialect: 'mlserver', models: [] })
    const port = Number(new URL(url).port)
    await expect(startOpenInference({ dialect: 'triton', models: [], port })).rejects.toThrow('EADDRINUSE')
  })
})

describe('MLServer stand-in', () => {
  it.each(['failed', 'unloaded', 'never-loaded'] as const)('says the same of every model that is %s', async (state) => {
    const server = await start({ dialect: 'mlserver', models: [{ name: 'm', version: '1', state }] })
    const index = await post(server, '/v2/repository/index')
    expect(JSON.parse(index.raw)).toEqual([{ name: 'm', version: '1', state: 'UNAVAILABLE', reason: '' }])
    expect(await get(server, '/v2/models/m/ready')).toMatchObject({ status: 404, raw: '{"error":"Model m not found"}' })
    expect((await get(server, '/v2/health/ready')).status).toBe(200)
  })

  it('answers a load that breaks the runtime with its traceback as text', async () => {
    const loadFailure =
      'Traceback (most recent call last):\n  File "/srv/rt.py", line 12, in load\nValueError: weights missing\n'
    const server = await start({ dialect: 'mlserver', models: [{ name: 'm', state: 'failed', loadFailure }] })
    const answer = await post(server, '/v2/repository/models/m/load')
    expect(answer).toMatchObject({ status: 500, raw: loadFailure })
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  it('keeps serving a version whose reload fails', async () => {
    const models: ServedModelSpec[] = [{ name: 'm', loadFailure: 'Invalid URI specified for model m (/srv/m)' }]
    const server = await start({ dialect: 'mlserver', models })
    expect((await post(server, '/v2/repository/models/m/load')).status).toBe(422)
    expect((await get(server, '/v2/models/m/ready')).status).toBe(200)
  })

  it('answers about the highest version when none is asked for', async () => {
    const models = ['9', '10', '2'].map((version) => ({ name: 'm', version, platform: `mlflow:m/${version}` }))
    const server = await start({ dialect: 'mlserver', models })
    expect(JSON.parse((await get(server, '/v2/models/m')).raw)).toMatchObject({ platform: 'mlflow:m/10' })
  })

  it('redirects a slash at the end to its own address', async () => {
    const server = await start({ dialect: 'mlserver', models: [] })
    expect((await get(server, '/v2/models/a%20b/?x=1')).headers.location).toBe(`${server.url}/v2/models/a%20b?x=1`)
  })

  it('compresses what is long when the client takes gzip', async () => {
    const models = Array.from({ length: 20 }, (_, i) => ({ name: `model-${i}` }))
    const server = await start({ dialect: 'mlserver', models })
    const response = await new Promise<{ headers: object; body: Buffer }>((resolve, reject) => {
      const headers = { 'accept-encoding': 'gzip', 'content-type': 'application/json' }
      const outgoing = request(`${server.url}/v2/repository/index`, { method: 'POST', headers }, async (incoming) => {
        resolve({ headers: incoming.headers, body: Buffer.concat(await incoming.toArray()) })
      })
      outgoing.on('error', reject).end('{}')
    })
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(JSON.parse(gunzipSync(response.body).toString())).toHaveLength(20)
  })
})

describe('Triton stand-in', () => {
  it('shows a reason with a path of the server for a model that failed', async () => {
    const server = await start({ dialect: 'triton', models: [{ name: 'm', version: '1', state: 'failed' }] })
    const [model] = JSON.parse((await post(server, '/v2/repository/index')).raw)
    expect(model.reason).toContain('/srv/triton/repo/m/1/model.py')
  })

  it('is not ready while one of its models is failed, though others are', async () => {
    const models: ServedModelSpec[] = [
      { name: 'a', version: '1', state: 'failed' },
      { name: 'b', version: '1' },
    ]
    const server = await start({ dialect: 'triton', models })
    expect((await get(server, '/v2/health/ready')).status).toBe(400)
    expect((await get(server, '/v2/models/b/ready')).status).toBe(200)
  })

  it('leaves a name with a space without an address, though the index has it', async () => {
    const server = await start({ dialect: 'triton', models: [{ name: 'a b', version: '1' }] })
    expect((await post(server, '/v2/repository/index')).raw).toContain('"a b"')
    expect((await get(server, '/v2/models/a%20b')).status).toBe(404)
  })

  it('keeps a model that was loaded again after it was unloaded', async () => {
    const server = await start({ dialect: 'triton', models: [{ name: 'm', version: '1' }] })
    await post(server, '/v2/repository/models/m/unload')
    await post(server, '/v2/repository/models/m/load')
    expect((await get(server, '/v2/models/m/ready')).status).toBe(200)
  })
})
