import { afterEach, describe, expect, it } from 'vitest'
import { type OpenInferenceOptions, startOpenInference } from '#demo/open-inference/index.ts'
import { type Handler, listen, type Reply, type StandIn } from '#demo/stand-in.ts'
import { modelPath } from '#services/serving/open-inference/addresses.ts'
import { endpointState } from '#services/serving/open-inference/states.ts'
import { toldBy } from '#services/serving/open-inference/told.ts'
import { connectServing } from '../../contract/serving-suite.ts'

const opened: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** The port of a server with further options. */
function portOf(server: StandIn, options: object = {}) {
  const connected = connectServing({ kind: 'open-inference', url: server.url, ...options })
  opened.push(connected.upstream.close, server.close)
  return connected.port
}

const call = () => ({ signal: AbortSignal.timeout(5_000) })

async function read(options: OpenInferenceOptions, more: object = {}) {
  const server = await startOpenInference(options)
  const port = portOf(server, more)
  const [endpoint] = await port.endpoints(call())
  return { server, port, endpoint }
}

/** A server that answers these paths, and 404 to all others. */
const answering =
  (answers: Record<string, Reply | object>): Handler =>
  ({ path }) => {
    const answer = answers[path]
    if (!answer) return { status: 404, body: '{"detail":"Not Found"}' }
    return 'status' in answer ? (answer as Reply) : { status: 200, body: JSON.stringify(answer) }
  }

const READY: Reply = { status: 200 }

describe('a server', () => {
  it('is asked thrice, and then about each model that is ready, once by name on Triton', async () => {
    const { server } = await read({
      dialect: 'triton',
      models: [
        { name: 'a', version: '1' },
        { name: 'a', version: '2' },
        { name: 'b', version: '1', state: 'unloaded' },
      ],
    })
    const paths = server.calls.map(({ path }) => path)
    expect(paths.sort()).toEqual([
      ...['/v2', '/v2/health/ready', '/v2/models/a', '/v2/models/a/config', '/v2/repository/index'],
    ])
  })

  it('is ready on Triton though one model was unloaded, and degraded while one has failed', async () => {
    const { server, port, endpoint } = await read({
      dialect: 'triton',
      models: [
        { name: 'a', version: '1' },
        { name: 'b', version: '1', state: 'unloaded' },
      ],
    })
    expect(endpoint).toMatchObject({ state: 'READY', stateMessage: null })
    server.setState('b', '1', 'failed')
    const [after] = await port.endpoints(call())
    expect(after).toMatchObject({
      state: 'DEGRADED',
      stateMessage: '1 of the 2 models it should serve are not ready: b.',
    })
  })

  it('reads only the models that are configured, and `modelops check` tells which of them it lacks', async () => {
    const models = [{ name: 'a' }, { name: 'b' }]
    const { port, endpoint } = await read({ dialect: 'mlserver', models }, { models: ['b', 'c'] })
    expect(endpoint?.served?.map(({ name }) => name)).toEqual(['b'])
    expect((await port.probe(call())).cannot).toContain('c: named under "models", and the server lists no such model')
  })

  it('keeps its other models when the metadata of one cannot be read', async () => {
    const server = await listen(
      answering({
        '/v2': { name: 'mlserver', version: '1.7.1', extensions: [] },
        '/v2/health/ready': READY,
        '/v2/repository/index': { status: 200, body: '[{"name":"a","state":"READY"},{"name":"b","state":"READY"}]' },
        '/v2/models/a': { status: 500, body: 'Traceback (most recent call last)' },
        '/v2/models/b': { name: 'b', inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }] },
      }),
      {},
    )
    const connected = connectServing({ kind: 'open-inference', url: server.url })
    opened.push(connected.upstream.close, server.close)
    const [endpoint] = await connected.port.endpoints(call())
    expect(endpoint).toMatchObject({ state: 'READY' })
    expect(connected.state.status().state).toBe('UP')
    expect(endpoint?.served?.map(({ inputs }) => inputs)).toEqual([
      null,
      [{ name: 'x', dataType: 'FP32', shape: [1], optional: null }],
    ])
  })

  it('that restricts its index tells what the configured models are, with the versions that Triton lists', async () => {
    const options = {
      dialect: 'triton',
      models: [
        { name: 'a', version: '1' },
        { name: 'a', version: '2' },
        { name: 'b', version: '1', state: 'failed' },
      ],
      restricted: { header: 'admin-key', value: 's3cret' },
    } satisfies OpenInferenceOptions
    const all = await read(options)
    expect(all.endpoint).toMatchObject({ served: null, state: 'NOT_READY' })
    expect((await all.port.probe(call())).cannot.join()).toContain('status 403')
    const named = await read(options, { models: ['a', 'b'] })
    expect(named.endpoint?.served).toMatchObject([
      { name: 'a', version: '1', loadState: 'READY' },
      { name: 'a', version: '2', loadState: 'READY' },
      { name: 'b', version: null, loadState: 'UNAVAILABLE' },
    ])
  })

  it('that restricts everything is a failure of credentials', async () => {
    const apis = ['health', 'metadata', 'model-repository', 'model-config'] as const
    const restricted = { header: 'admin-key', value: 's3cret', apis }
    const reading = read({ dialect: 'triton', models: [{ name: 'a', version: '1' }], restricted })
    await expect(reading).rejects.toMatchObject({ reason: 'FORBIDDEN', source: 'served' })
  })

  it('without an index, as KServe is, tells of the configured models whether they are ready', async () => {
    const kserve = answering({
      '/v2': { name: 'kserve', version: '0.21.0', extensions: ['model_repository_extension'] },
      '/v2/health/ready': { status: 200, body: '{"ready":true}' },
      '/v2/models/iris': { name: 'iris', versions: null, platform: '', inputs: [], outputs: [] },
      '/v2/models/iris/ready': { status: 200, body: '{"name":"iris","ready":true}' },
    })
    const port = portOf(await listen(kserve, {}), { models: ['iris', 'late'] })
    const [endpoint] = await port.endpoints(call())
    expect(endpoint).toMatchObject({ state: 'DEGRADED', server: { name: 'kserve', version: '0.21.0' } })
    expect(endpoint?.served).toMatchObject([
      { name: 'iris', version: null, loadState: 'READY' },
      { name: 'late', version: null, loadState: 'UNAVAILABLE' },
    ])
  })

  it('of another kind is told as such, with the address to look at', async () => {
    const server = await listen(answering({}), {})
    const error = await portOf(server)
      .endpoints(call())
      .catch((failure: unknown) => failure)
    expect(error).toMatchObject({ reason: 'BAD_RESPONSE', message: expect.stringContaining('"url"') })
  })
})

describe('the state of an endpoint', () => {
  const states = (...loadStates: Parameters<typeof loadState>[0][]) => loadStates.map(loadState)
  const loadState = (state: 'READY' | 'FAILED' | 'UNLOADED' | 'UNKNOWN') => ({ name: state, loadState: state })

  it.each([
    ['nothing told, and ready', 'READY', null, 200],
    ['nothing told, and not ready', 'NOT_READY', null, 400],
    ['nothing told, and closed to us', 'UNKNOWN', null, 403],
    ['no models', 'READY', [], 200],
    ['all unloaded', 'READY', states('UNLOADED'), 200],
    ['all ready', 'READY', states('READY', 'UNLOADED'), 400],
    ['some ready', 'DEGRADED', states('READY', 'FAILED', 'UNKNOWN'), 400],
    ['none ready', 'NOT_READY', states('FAILED'), 200],
    ['some ready, the others unknown', 'UNKNOWN', states('READY', 'UNKNOWN'), 200],
    ['some failed, the others unknown', 'UNKNOWN', states('FAILED', 'UNKNOWN'), 400],
  ] as const)('with %s is %s', (_, expected, models, ready) => {
    expect(endpointState(models, ready).state).toBe(expected)
  })
})

describe('the address of a model', () => {
  const path = (name: string, version: string | null, triton: boolean) => modelPath({ name, version }, { triton })

  it('holds whatever MLServer can decode', () => {
    expect(path('é 100%', 'v 1', false)).toBe('/v2/models/%C3%A9%20100%25/versions/v%201')
  })

  it('is none where the server would understand another', () => {
    for (const name of ['team/iris', '..', '.', '']) expect(path(name, null, false)).toBeUndefined()
    for (const name of ['card fraud', 'é', '100%']) expect(path(name, '1', true)).toBeUndefined()
    expect(path('iris', '1/..', false)).toBeUndefined()
  })
})

describe('what a server says of the model', () => {
  const NOTHING = {
    ...{ mlflow_model: null, mlflow_model_name: null, mlflow_version: null, mlflow_model_version: null },
    ...{ mlflow_run_id: null, mlflow_model_id: null, mlflow_model_uri: null },
  }

  it('names the model by the address it was loaded from, and no version by an alias', () => {
    const told = toldBy({ ...NOTHING, mlflow_model_uri: 'models:/iris@champion' }, null)
    expect(told).toMatchObject({ modelName: 'iris', modelVersion: null, artifactUri: 'models:/iris@champion' })
  })

  it('names the run by an address below it', () => {
    expect(toldBy({ ...NOTHING, mlflow_model_uri: 'runs:/abc/model' }, null).runId).toBe('abc')
  })

  it('takes no version from the platform for a model that parameters name', () => {
    expect(toldBy({ ...NOTHING, mlflow_model: 'iris' }, 'mlflow:other/7')).toMatchObject({
      ...{ modelName: 'iris', modelVersion: null },
    })
  })

  it('never holds credentials or signatures of an address', () => {
    const mlflow_model_uri = 'https://user:p@ss@store.example/models/iris?sig=abc'
    const { artifactUri } = toldBy({ ...NOTHING, mlflow_model_uri }, null)
    expect(artifactUri).toBe('https://store.example/models/iris')
  })
})
