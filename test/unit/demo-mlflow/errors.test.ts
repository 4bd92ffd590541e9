import { describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { read, withMlflow } from './client.ts'

const at = Date.UTC(2026, 0, 5)
const version = (more = {}) => ({ createdAt: at, source: 's3://bucket/model', ...more })
const data = { models: [{ name: 'm', createdAt: at, versions: [version()], aliases: { ok: '1' } }] }
const NOT_FOUND = 'RESOURCE_DOES_NOT_EXIST'
const INVALID = 'INVALID_PARAMETER_VALUE'

// Each as the real server answered.
describe.each(['2.22.5', '3.17.2'] as const)('errors of MLflow stand-in %s', (mlflow) => {
  const is3 = mlflow === '3.17.2'

  it.each([
    [
      'registered-models/search',
      { max_results: 1001 },
      `Invalid value "1001" for parameter 'max_results' supplied:  Hint`,
    ],
    [
      'registered-models/search',
      { max_results: 'abc' },
      `Invalid value "abc" for parameter 'max_results' supplied:  Hint`,
    ],
    ['registered-models/search', { page_token: 'zzz' }, 'Invalid page token, could not base64-decode'],
    ['registered-models/search', { page_token: 'e30=' }, 'Invalid page token, parsed value={}'],
    [
      'registered-models/search',
      { order_by: 'creation_timestamp' },
      "Invalid order by key 'creation_timestamp' specified.",
    ],
    ['registered-models/search', { order_by: 'name FOO' }, "Invalid ordering key in order_by clause 'name FOO'."],
    [
      'model-versions/search',
      { max_results: 0 },
      'Invalid value for max_results. It must be a positive integer, but got 0',
    ],
    ['model-versions/search', { max_results: 200001 }, `Invalid value "200001" for parameter 'max_results' supplied:`],
    ['model-versions/search', { order_by: 'version' }, "Invalid order_by clause 'version'. Could not be parsed."],
    ['experiments/search', {}, "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer"],
    [
      'experiments/search',
      { max_results: 50001 },
      "Invalid value 50001 for parameter 'max_results' supplied. It must be at",
    ],
    [
      'registered-models/alias',
      { name: 'm' },
      "Missing value for required parameter 'alias'. See the API docs for more",
    ],
    ['registered-models/alias', { name: 'm', alias: 'OK' }, 'Registered model alias OK not found.'],
    ['registered-models/alias', { name: 'm', alias: 'a.b' }, "Invalid alias name: 'a.b'. Names may only contain"],
    [
      'registered-models/get-latest-versions',
      { name: 'm', stages: 'foo' },
      'Invalid Model Version stage: foo. Value must',
    ],
    ['model-versions/get-download-uri', { name: 'm' }, "Parameter 'version' must be an integer, got ''."],
  ])('400 to %s?%j', (path, query, message) =>
    withMlflow({ version: mlflow, data }, async ({ get }) => {
      const { status, body } = await get(path, query)
      expect([status, body.error_code]).toEqual([400, INVALID])
      expect(body.message).toContain(message)
      expect(body.error_class).toBe(is3 ? INVALID : undefined)
    }),
  )

  it.each([
    ['POST', 'registered-models/alias', { name: 'm', alias: 'latest', version: '1' }, 400],
    ['POST', 'registered-models/alias', { name: 'm', alias: 'v1', version: '1' }, 400],
    ['POST', 'registered-models/alias', { name: 'm', alias: 'ok', version: '9' }, 404],
    ['POST', 'model-versions/create', { name: 'nope', source: 's3://a/b' }, 404],
    ['POST', 'model-versions/create', { name: 'm', source: '/tmp/x' }, 400],
    ['POST', 'model-versions/create', { name: 'm', source: 's3://a/b', run_id: 'c0ffee' }, 200],
    ['POST', 'model-versions/create', { name: 'm', source: 'runs:/abc/model' }, is3 ? 400 : 200],
    ['POST', 'model-versions/create', { name: 'm', source: 'models:/m-abc', model_id: 'm-abc' }, 500],
    ['POST', 'model-versions/transition-stage', { name: 'm', version: '1', stage: 'foo' }, 400],
    ['POST', 'registered-models/create', { name: 'a/b' }, is3 ? 400 : 200],
    ['POST', 'registered-models/create', { name: '..' }, is3 ? 400 : 200],
    ['POST', 'registered-models/create', { name: '  ' }, is3 ? 400 : 200],
    ['POST', 'runs/create', { experiment_id: '99' }, 404],
    ['POST', 'runs/search', { experiment_ids: ['0'], max_results: 50001 }, 400],
    ['POST', 'runs/search', { experiment_ids: ['x'] }, is3 ? 400 : 200],
    ['POST', 'runs/log-batch', { run_id: 'nope' }, 404],
    ['POST', 'experiments/create', { name: 'Default' }, 400],
    ['POST', 'logged-models', {}, is3 ? 400 : 404],
    ['DELETE', 'registered-models/alias', { name: 'm', alias: 'none' }, 200],
  ] as const)('%s %s %j: %i', (method, path, body, status) =>
    withMlflow({ version: mlflow, data }, async ({ send }) => {
      expect(await send(method, path, body)).toMatchObject({ status })
    }),
  )

  it('a model that is not there behind an alias', () =>
    withMlflow({ version: mlflow }, async ({ get }) => {
      const { status, body } = await get('registered-models/alias', { name: 'nope', alias: 'x' })
      expect([status, body.error_code]).toEqual(is3 ? [404, NOT_FOUND] : [400, INVALID])
    }))

  it('a slash at the end is a page of HTML, 404', () =>
    withMlflow({ version: mlflow, data }, async ({ get }) => {
      const { status, type } = await get('registered-models/get/', { name: 'm' })
      expect([status, type]).toEqual([404, 'text/html; charset=utf-8'])
    }))

  it('a POST without content type is refused', () =>
    withMlflow({ version: mlflow }, async ({ server }) => {
      const body = new Blob(['{}'])
      const answer = await read(fetch(`${server.url}/api/2.0/mlflow/runs/search`, { method: 'POST', body }))
      expect([answer.status, answer.body.message]).toEqual([400, 'Bad Request. Content-Type header is missing.'])
    }))

  it('a file that no version has', () =>
    withMlflow({ version: mlflow, data }, async ({ server }) => {
      const ask = (query: string) => read(fetch(`${server.url}/model-versions/get-artifact?${query}`))
      expect((await ask('name=m&version=1')).status).toBe(400)
      expect((await ask('name=m&version=9&path=MLmodel')).body.error_code).toBe(NOT_FOUND)
      expect((await ask('name=m&version=1&path=../x')).body.message).toBe('Invalid path')
      expect((await ask('name=m&version=1&path=MLmodel')).status).toBe(500)
      const source = 'mlflow-artifacts:/0/models/x'
      const kept = await startMlflow({
        version: mlflow,
        data: { models: [{ name: 'm', createdAt: at, versions: [version({ source })] }] },
      })
      const answer = await read(fetch(`${kept.url}/model-versions/get-artifact?name=m&version=1&path=MLmodel`))
      await kept.close()
      expect(answer.status).toBe(is3 ? 404 : 500)
    }))
})

describe('basic auth of the MLflow stand-in', () => {
  const basicAuth = { username: 'admin', password: 'right' }
  const credentials = { authorization: `Basic ${Buffer.from('admin:right').toString('base64')}` }

  it('lets the account in, and everybody to /health', () =>
    withMlflow({ version: '3.17.2', basicAuth }, async ({ server }) => {
      const ask = async (path: string, headers = {}) => (await fetch(server.url + path, { headers })).status
      expect(await ask('/health')).toBe(200)
      expect(await ask('/api/3.0/mlflow/server-info')).toBe(200)
      expect(await ask('/version')).toBe(401)
      expect(await ask('/version', credentials)).toBe(200)
    }))
})

describe('request lines', () => {
  it('of 4094 bytes pass, of 4095 do not', () =>
    withMlflow({ version: '3.17.2' }, async ({ server }) => {
      const path = '/health?x='
      const fill = (bytes: number) => 'x'.repeat(bytes - `GET ${path} HTTP/1.1`.length)
      const [passes, fails] = await Promise.all(
        [4094, 4095].map((bytes) => read(fetch(server.url + path + fill(bytes)))),
      )
      expect(passes?.status).toBe(200)
      expect([fails?.status, fails?.type]).toEqual([400, 'text/html'])
    }))

  it('can be longer behind uvicorn', () =>
    withMlflow({ version: '3.17.2', requestLineLimit: 65_536 }, async ({ server }) => {
      expect((await fetch(`${server.url}/health?x=${'x'.repeat(60_000)}`)).status).toBe(200)
    }))
})
