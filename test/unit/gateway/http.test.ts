import { describe, expect, it } from 'vitest'
import { makeKey } from '#gateway/keys.ts'
import { ask, gateway } from './graph.ts'

const server = await gateway()

const post = (payload: string | object, headers: Record<string, string> = {}, other = server) =>
  other.app.inject({ method: 'POST', url: '/graphql', payload, headers })

const code = (response: { json(): { errors: { extensions: { code: string } }[] } }) =>
  response.json().errors[0]?.extensions.code

describe('/graphql', () => {
  it('answers in the media type that is accepted', async () => {
    const type = async (accept: string) => (await ask(server, '{ answer }', { accept })).headers['content-type']
    expect(await type('application/graphql-response+json')).toBe('application/graphql-response+json; charset=utf-8')
    expect(await type('application/json')).toBe('application/json; charset=utf-8')
  })

  it('answers queries by GET, and no mutations', async () => {
    const get = (query: string) =>
      server.app.inject({ url: '/graphql', query: { query }, headers: { 'apollo-require-preflight': '1' } })
    expect((await get('{ answer }')).json()).toEqual({ data: { answer: 42 } })
    const mutation = await get('mutation { rename(id: "m1", name: "x") { name } }')
    expect(mutation.statusCode).toBe(405)
    expect(mutation.headers.allow).toBe('POST')
    expect(mutation.json().errors[0].message).toContain('GET requests only support query operations')
  })

  it('refuses what a page of another site could send without asking first', async () => {
    const get = await server.app.inject({ url: '/graphql', query: { query: '{ answer }' } })
    expect([get.statusCode, get.json().errors[0].message]).toEqual([400, expect.stringContaining('Cross-Site')])
    const text = await post('{"query":"{ answer }"}', { 'content-type': 'text/plain' })
    expect([400, 415]).toContain(text.statusCode)
    const form = await post('query={answer}', { 'content-type': 'application/x-www-form-urlencoded' })
    expect([form.statusCode, code(form)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('takes one query at a time', async () => {
    const batch = await post([{ query: '{ answer }' }, { query: '{ answer }' }])
    expect([batch.statusCode, batch.json().errors[0].message]).toEqual([400, 'Operation batching disabled.'])
  })

  it('refuses a body that is too large, with what is allowed', async () => {
    const small = await gateway({ config: { limits: { bodyBytes: 2_000 } } })
    const response = await post({ query: `{ answer } #${'x'.repeat(2_000)}` }, {}, small)
    expect(response.statusCode).toBe(413)
    expect(response.json().errors[0].message).toBe('The request is larger than 2000 bytes (gateway.limits.bodyBytes).')
    expect(code(response)).toBe('REQUEST_TOO_LARGE')
  })

  it('refuses what is no JSON, and JSON that would change the prototype of what it is read into', async () => {
    const broken = await post('{"query":', { 'content-type': 'application/json' })
    expect([broken.statusCode, code(broken)]).toEqual([400, 'BAD_REQUEST'])
    const variables = '{"query":"{ answer }","variables":{"__proto__":{"polluted":true}}}'
    const poisoned = await post(variables, { 'content-type': 'application/json' })
    expect([poisoned.statusCode, code(poisoned)]).toEqual([400, 'BAD_REQUEST'])
  })

  it('does not take queries by their hash', async () => {
    const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }
    expect(code(await post({ extensions: hash }))).toBe('PERSISTED_QUERY_NOT_SUPPORTED')
  })

  it('answers introspection, and no query plan', async () => {
    const headers = { 'apollo-query-plan-experimental': '1' }
    const answer = await ask(server, '{ __schema { queryType { name } } answer }', { headers })
    expect(answer.data).toEqual({ __schema: { queryType: { name: 'Query' } }, answer: 42 })
    expect(answer).not.toHaveProperty('extensions')
  })
})

describe('elsewhere', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const)('%s is told what /graphql takes', async (method) => {
    const { statusCode, headers, body } = await server.app.inject({ method, url: '/graphql?query={answer}' })
    expect([statusCode, headers.allow]).toEqual([405, 'GET, POST'])
    if (method !== 'HEAD') expect(body).toContain(`/graphql takes GET and POST, not ${method}.`)
  })

  it('is told that nothing is there', async () => {
    const { statusCode, body } = await server.app.inject('/nothing')
    expect([statusCode, body]).toEqual([
      404,
      expect.stringContaining('There is nothing here. The graph answers at /graphql'),
    ])
    expect((await server.app.inject('/%')).statusCode).toBe(400)
    expect((await server.app.inject('/:(')).statusCode).toBe(404)
    expect((await server.app.inject({ method: 'POST', url: '/health/live' })).headers.allow).toBe('GET, HEAD')
  })

  it('tells its health', async () => {
    const busy = await gateway({ ready: () => ({ ready: false, detail: { mlflow: 'loading' } }) })
    const live = await busy.app.inject('/health/live')
    expect([live.statusCode, live.json()]).toEqual([200, { live: true }])
    const ready = await busy.app.inject('/health/ready')
    expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, detail: { mlflow: 'loading' } }])
    expect((await server.app.inject('/health/ready')).statusCode).toBe(200)
  })
})

describe('a request', () => {
  const id = async (given?: string) =>
    await ask(server, '{ asked { requestId } }', given === undefined ? {} : { headers: { 'x-request-id': given } })

  it('keeps its id through the graph', async () => {
    const { headers, data } = await id('a.b:c-1_2')
    expect(headers['x-request-id']).toBe('a.b:c-1_2')
    expect(data).toEqual({ asked: { requestId: 'a.b:c-1_2' } })
  })

  it.each([undefined, '', 'two words', 'x'.repeat(129), '<script>', '{"a":1}'])(
    'gets an id instead of %s',
    async (given) => {
      const { headers, data } = await id(given)
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(data).toEqual({ asked: { requestId: headers['x-request-id'] } })
    },
  )

  it.each([
    ['no-cache', 0],
    ['max-age=30', 30],
    ['max-age=30, no-cache', 0],
    ['private, Max-Age=5', 5],
    ['max-age=soon', null],
    ['', null],
  ])('with Cache-Control "%s" takes data of at most %s seconds', async (cacheControl, expected) => {
    const { data } = await ask(server, '{ asked { maxAgeSeconds } }', { headers: { 'cache-control': cacheControl } })
    expect(data).toEqual({ asked: { maxAgeSeconds: expected } })
  })

  it('is one line in the log, with no variables, headers or tokens', async () => {
    const { key, hash } = makeKey('hidden')
    const own = await gateway({ config: { keys: [{ id: 'hidden', hash, roles: [] }] } })
    const headers = { authorization: `Bearer ${key}`, cookie: 'session=hidden', 'x-request-id': 'r1' }
    const query = 'query Named($id: ID!) { model(id: $id) { name } }'
    await ask(own, query, { variables: { id: 'hidden' }, headers })
    expect(own.lines).toEqual([
      {
        level: 30,
        time: expect.any(String),
        requestId: 'r1',
        operation: 'Named',
        milliseconds: expect.any(Number),
        status: 200,
        errors: 0,
        caller: 'key:hidden',
        msg: 'graphql',
      },
    ])
  })

  it('that is refused is a line in the log, too', async () => {
    const own = await gateway()
    await ask(own, '{ nothing }', { headers: { 'x-request-id': 'r2' } })
    await own.app.inject({ url: '/graphql', headers: { host: 'evil.example', 'x-request-id': 'r3' } })
    expect(own.lines).toMatchObject([
      { requestId: 'r2', status: 400, errors: 1 },
      { requestId: 'r3', status: 401, code: 'UNAUTHENTICATED', reason: 'no credential' },
    ])
  })
})
