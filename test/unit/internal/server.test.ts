import { describe, expect, it } from 'vitest'
import { addWebhookRoute } from '#gateway/webhooks.ts'
import type { RequestContext } from '#lib/context.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { subgraphs } from '../gateway/graph.ts'
import { serverOf, signer } from './graph.ts'

const caller = { subject: 'key:a', name: 'A', roles: ['risk'], scopes: [] }

/** The server of the part that serves models, with a resolver of `asked` of one's own. */
async function serving(asked?: (context: RequestContext) => unknown) {
  const Query = { asked: (_: never, __: unknown, context: RequestContext) => asked?.(context) }
  const [, part] = subgraphs(asked && { serving: { Query } })
  if (!part) throw new Error('there are two')
  const server = await serverOf(part)
  const ask = async (payload: string | object, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${await signer.tokenFor(caller, 'serving')}`
    return server.app.inject({
      ...{ method: 'POST', url: '/graphql', payload },
      headers: { authorization, 'content-type': 'application/json', ...headers },
    })
  }
  return { ...server, ask }
}
const server = await serving()
const query = '{ asked { requestId subject maxAgeSeconds } }'

const forModels = await signer.tokenFor(caller, 'models')

describe('a subgraph on its own port', () => {
  it('answers who has a token of the gateway for it, and knows what the gateway handed on', async () => {
    const response = await server.ask({ query }, { 'x-request-id': 'r1', 'x-max-age-seconds': '0' })
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { data: { asked: { requestId: 'r1', subject: 'key:a', maxAgeSeconds: 0 } } },
    ])
  })

  it('takes the messages of tools from the gateway only, which needs a token for that too', async () => {
    const [, part] = subgraphs()
    if (!part) throw new Error('there are two')
    const told: string[] = []
    const receive = ({ source }: { source: string }) => {
      told.push(source)
      return { status: 204 as const, message: '' }
    }
    const { app } = await serverOf(part)
    await addWebhookRoute(app, [{ ...part, receive }])
    const post = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/webhooks/mlflow?source=a', payload: '{}', headers })
    expect([(await post({})).statusCode, told]).toEqual([401, []])
    const authorization = `Bearer ${await signer.tokenFor(caller, part.name)}`
    expect([(await post({ authorization })).statusCode, told]).toEqual([204, ['a']])
  })

  it.each([
    ['nobody', undefined],
    ['who has another credential', 'Basic YTpi'],
    ['who has a key of a caller', 'Bearer mo_reports_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['who has a token for another subgraph', `Bearer ${forModels}`],
  ])('refuses %s, whatever is asked for, and says nothing of itself', async (_, authorization) => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
    for (const [method, url] of [
      ['POST', '/graphql'],
      ['GET', '/graphql'],
      ['GET', '/nothing'],
    ] as const) {
      const response = await server.app.inject({
        method,
        url,
        headers,
        ...(method === 'POST' && { payload: { query } }),
      })
      expect(response.statusCode).toBe(401)
      expect(response.json().errors[0].extensions.code).toBe('UNAUTHENTICATED')
    }
    expect(server.lines.at(-1)).toMatchObject({ msg: 'refused', reason: expect.any(String) })
    expect(JSON.stringify(server.lines)).not.toMatch(/YTpi|AAAA|eyJ/)
  })

  it('tells its health to anybody', async () => {
    for (const path of ['live', 'ready']) {
      expect((await server.app.inject(`/health/${path}`)).json()).toEqual({ [path]: true })
    }
  })

  it('tells its SDL and answers introspection', async () => {
    const response = await server.ask({ query: '{ _service { sdl } __schema { queryType { name } } }' })
    expect(response.json().data).toMatchObject({
      _service: { sdl: expect.stringContaining('type Endpoint') },
      __schema: { queryType: { name: 'Query' } },
    })
  })

  it('resolves entities with variables, of the operation that is named', async () => {
    const query = `
      query A { __typename }
      query B($representations: [_Any!]!) { _entities(representations: $representations) { ... on Model { traffic } } }`
    const variables = { representations: [{ __typename: 'Model', id: 'm1' }] }
    const response = await server.ask({ query, variables, operationName: 'B' })
    expect(response.json()).toEqual({ data: { _entities: [{ traffic: 7 }] } })
  })

  it.each([
    ['what is no JSON', '{"query":'],
    ['no query', { variables: {} }],
    ['what is no GraphQL', { query: '{ asked' }],
    ['fields that it does not have', { query: '{ nothing }' }],
    ['a list of queries', [{ query: '{ __typename }' }]],
  ])('refuses %s', async (_, payload) => {
    for (const _again of [1, 2]) {
      const response = await server.ask(payload)
      expect(response.statusCode).toBe(400)
      expect(response.json()).not.toHaveProperty('data')
    }
  })

  it('refuses what is too large', async () => {
    const response = await server.ask({ query: `{ __typename } #${'x'.repeat(16 * 1024 * 1024)}` })
    expect(response.statusCode).toBe(413)
  })

  it('takes queries by POST only', async () => {
    const authorization = `Bearer ${await signer.tokenFor(caller, 'serving')}`
    const response = await server.app.inject({ url: '/graphql?query={__typename}', headers: { authorization } })
    expect(response.statusCode).toBe(404)
  })
})

describe('an error of a subgraph', () => {
  it('of a source keeps what the gateway tells clients of it', async () => {
    const failing = await serving(() => {
      throw new UpstreamError({ source: 'ml', reason: 'RATE_LIMITED', message: 'Wait.', retryAfterSeconds: 3 })
    })
    const response = await failing.ask({ query })
    expect(response.json()).toEqual({
      data: { asked: null },
      errors: [
        {
          message: 'Wait.',
          path: ['asked'],
          extensions: { code: 'UPSTREAM_RATE_LIMITED', source: 'ml', reason: 'RATE_LIMITED', retryAfterSeconds: 3 },
        },
      ],
    })
  })

  it('that nobody threw on purpose has no code, and is in the log with the id of the request', async () => {
    const broken = await serving(() => {
      throw new TypeError('a is not a function')
    })
    const response = await broken.ask({ query }, { 'x-request-id': 'r7' })
    expect(response.json().errors).toMatchObject([{ message: 'a is not a function', path: ['asked'] }])
    expect(response.json().errors[0].extensions?.code).toBeUndefined()
    expect(broken.lines.at(-1)).toMatchObject({ level: 50, requestId: 'r7', err: { type: 'TypeError' } })
  })

  it('that the end of time caused is told as such', async () => {
    const slow = await serving(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const response = await slow.ask({ query }, { 'x-deadline-ms': '20' })
    expect(response.json().errors).toMatchObject([{ path: ['asked'], extensions: { code: 'UPSTREAM_TIMEOUT' } }])
  })
})
