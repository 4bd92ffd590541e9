import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { addWebhookRoute } from '#gateway/webhooks.ts'
import type { RequestContext } from '#lib/context.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { createTokenSigner } from '#lib/internal-token/signer.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { Delivery } from '#lib/webhook.ts'
import { ask, gateway, type Setting, subgraphs } from '../gateway/graph.ts'
import { serverOf, signer } from './graph.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A gateway over servers of the given subgraphs, and how many connections each server took. */
async function distributed(
  parts: Subgraph[],
  { urls: other, toldOfChanges = [], ...setting }: Setting & { urls?: object; toldOfChanges?: string[] } = {},
) {
  const connections: Record<string, number> = {}
  const urls: Record<string, string> = {}
  for (const part of parts) {
    const server = await serverOf(part)
    await addWebhookRoute(server.app, [part])
    server.app.server.on('connection', () => {
      connections[part.name] = (connections[part.name] ?? 0) + 1
    })
    urls[part.name] = await server.listen()
    closers.push(server.close)
  }
  const own = await gateway({
    subgraphs: [],
    remote: { urls: { ...urls, ...other }, signer, toldOfChanges },
    ...setting,
  })
  closers.push(own.close)
  return { ...own, connections }
}

/** Both parts, with endpoints as a test wants them. */
const withEndpoints = (endpoints: (context: RequestContext) => unknown) =>
  subgraphs({
    serving: { Query: { endpoints: (_: never, __: unknown, context: RequestContext) => endpoints(context) } },
  })

const query = '{ endpoints { name } answer }'

describe('a gateway over subgraphs that are servers of their own', () => {
  it('answers as over subgraphs in its process', async () => {
    const whole = `
      query ($id: ID!) { model(id: $id) { name endpoints { name } } models { name traffic load } endpoints { name model { name } }
        asked { requestId subject maxAgeSeconds } __proto__: answer }`
    const options = { variables: { id: 'm2' }, headers: { 'x-request-id': 'r1', 'cache-control': 'max-age=7' } }
    const [there, here] = [await distributed(subgraphs()), await gateway()]
    const answer = await ask(there, whole, options)
    expect(answer.errors).toBeUndefined()
    expect(answer.data).toMatchObject({ asked: { requestId: 'r1', subject: 'local', maxAgeSeconds: 7 } })
    expect(JSON.stringify(answer.data)).toBe(JSON.stringify((await ask(here, whole, options)).data))
  })

  it('asks one after the other over one connection that stays open', async () => {
    const own = await distributed(subgraphs())
    for (const _again of [1, 2, 3]) await ask(own, query)
    expect(own.connections).toEqual({ models: 1, serving: 1 })
  })

  it('tells an error of a source as if it were in its process', async () => {
    const fail = () => {
      throw new UpstreamError({ source: 'triton', reason: 'DOWN', message: 'It is down.' })
    }
    const answers = [
      await ask(await distributed(withEndpoints(fail)), query, { headers: { 'x-request-id': 'r' } }),
      await ask(await gateway({ subgraphs: withEndpoints(fail) }), query, { headers: { 'x-request-id': 'r' } }),
    ]
    const [there, here] = answers.map(({ data, errors }) => ({ data, errors }))
    expect(there).toEqual(here)
    expect(there?.errors).toMatchObject([{ path: ['endpoints'], extensions: { source: 'triton', reason: 'DOWN' } }])
  })

  it('tells nothing of an error that nobody threw on purpose', async () => {
    const own = await distributed(
      withEndpoints(() => {
        throw new TypeError('secret words')
      }),
    )
    const { errors } = await ask(own, query)
    expect(errors).toMatchObject([{ path: ['endpoints'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
    expect(JSON.stringify(errors)).not.toContain('secret words')
  })
})

describe('the time that a query has', () => {
  it('is handed on, so that sources give up in time for what they have', async () => {
    const giveUp = ({ signal }: RequestContext) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve([{ name: signal.reason.name }])))
    const own = await distributed(withEndpoints(giveUp), { config: { requestDeadlineMilliseconds: 3_000 } })
    expect(await ask(own, query)).toMatchObject({ data: { endpoints: [{ name: 'TimeoutError' }], answer: 42 } })
  })

  it('cuts off a subgraph that hangs, and the rest still answers', async () => {
    const own = await distributed(
      withEndpoints(() => new Promise(() => {})),
      { config: { requestDeadlineMilliseconds: 300 } },
    )
    const { data, errors } = await ask(own, query)
    expect(data).toEqual({ endpoints: null, answer: 42 })
    expect(errors).toMatchObject([{ path: ['endpoints'], extensions: { code: 'UPSTREAM_TIMEOUT' } }])
  })

  it('is over for the subgraph, too, when the client goes away', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const own = await distributed(
      withEndpoints(({ signal }) => {
        asked.resolve(signal)
        return new Promise(() => {})
      }),
    )
    const client = new AbortController()
    const response = fetch(`${await own.listen()}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) },
      signal: client.signal,
    })
    const signal = await asked.promise
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    client.abort()
    await expect(response).rejects.toThrow('aborted')
    await aborted
    expect(signal.reason).toMatchObject({ name: 'AbortError' })
  })
})

describe('a subgraph that', () => {
  const models = () => subgraphs().filter(({ name }) => name === 'models')
  const silent = (why: string) => ({
    data: { endpoints: null, answer: 42 },
    errors: [
      {
        message: `The part of the graph called "serving" did not answer: ${why}`,
        path: ['endpoints'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ],
  })

  /** The address of a server that answers everything alike. */
  async function answering(status: number, body: string): Promise<string> {
    const server = createServer((_request, response) => void response.writeHead(status).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(async () => server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('cannot be reached is named by an error, and the rest answers', async () => {
    const own = await distributed(models(), { urls: { serving: 'http://127.0.0.1:9' } })
    expect(await ask(own, query)).toMatchObject(silent('it cannot be reached at its address.'))
    expect(own.lines).toContainEqual(expect.objectContaining({ level: 50, subgraph: 'serving' }))
  })

  it('has another key is told as such', async () => {
    const { secret } = await makeInternalKey()
    const [, serving] = subgraphs()
    if (!serving) throw new Error('there are two')
    const server = await serverOf(serving)
    closers.push(server.close)
    const remote = {
      urls: { serving: await server.listen() },
      signer: await createTokenSigner(JSON.stringify(secret)),
    }
    const stranger = await gateway({ subgraphs: models(), remote })
    closers.push(stranger.close)
    expect(await ask(stranger, query)).toMatchObject(silent('it does not accept the key of this gateway.'))
  })

  it('is of another version is told as such', async () => {
    const [other] = models()
    if (!other) throw new Error('there is one')
    const own = await distributed([...models(), { ...other, name: 'serving' }])
    expect(await ask(own, query)).toMatchObject(
      silent('it does not know what the supergraph says of it: the two are of different versions.'),
    )
  })

  it.each([
    ['answers with a page', 200, '<html>secret words</html>', 'what is at its address does not speak GraphQL.'],
    ['answers with something else', 200, '[1]', 'what is at its address does not speak GraphQL.'],
    ['fails', 502, 'secret words', 'it failed (HTTP 502).'],
  ])('%s is told as such, without its words', async (_, status, body, why) => {
    const own = await distributed(models(), { urls: { serving: await answering(status, body) } })
    const answer = await ask(own, query)
    expect(answer).toMatchObject(silent(why))
    expect(JSON.stringify(answer)).not.toContain('secret words')
  })

  it('answers without end is told as such', async () => {
    const own = await distributed(models(), { urls: { serving: await answering(200, 'x'.repeat(70 * 1024 * 1024)) } })
    expect(await ask(own, query)).toMatchObject(silent('its answer is larger than 67108864 bytes.'))
  })
})

describe('the public key of the gateway', () => {
  const url = '/.well-known/jwks.json'

  it('is there for anybody where subgraphs need it, and nowhere else', async () => {
    const own = await distributed(subgraphs())
    const response = await own.app.inject({ url, remoteAddress: '10.1.2.3', headers: { host: 'gateway:4000' } })
    expect([response.statusCode, response.json()]).toEqual([200, signer.jwks])
    expect((await (await gateway()).app.inject({ url })).statusCode).toBe(404)
  })
})

describe("a tool's message of a change", () => {
  const post = ({ app }: Awaited<ReturnType<typeof distributed>>, source: string) =>
    app.inject({
      ...{ method: 'POST', url: `/webhooks/mlflow?source=${source}`, payload: Buffer.from(' {"a" : 1}\n') },
      headers: { 'content-type': 'application/json', 'x-signature': 'v1,abc', 'x-forwarded-for': '203.0.113.9' },
    })
  /** The subgraphs, the first of which takes messages of the source "known". */
  const taking = (status: 204 | 401, told: Delivery[] = []): Subgraph[] => {
    const [first, ...others] = subgraphs()
    const receive = (delivery: Delivery) => {
      told.push(delivery)
      return delivery.source === 'known'
        ? { status, message: status === 204 ? '' : 'The signature is wrong.' }
        : undefined
    }
    return [{ ...(first as Subgraph), receive }, ...others]
  }
  const toldOfChanges = ['models']

  it('is passed on as it came to the subgraph that expects it', async () => {
    const told: Delivery[] = []
    const own = await distributed(taking(204, told), { toldOfChanges })
    expect((await post(own, 'known')).statusCode).toBe(204)
    expect(told).toMatchObject([{ tool: 'mlflow', source: 'known', body: Buffer.from(' {"a" : 1}\n') }])
    expect(['x-signature', 'x-forwarded-for'].map((name) => told[0]?.header(name))).toEqual(['v1,abc', undefined])
  })

  it('is refused in the words of the subgraph', async () => {
    const response = await post(await distributed(taking(401), { toldOfChanges }), 'known')
    expect([response.statusCode, response.json().errors[0].message]).toEqual([401, 'The signature is wrong.'])
  })

  it('of a source that nobody expects any of is told as such', async () => {
    expect((await post(await distributed(taking(204), { toldOfChanges }), 'other')).statusCode).toBe(404)
    expect((await post(await distributed(taking(204)), 'known')).statusCode).toBe(404)
  })

  it('is to be sent again where the subgraph does not answer, or does not know this gateway', async () => {
    const gone = await distributed(subgraphs(), { toldOfChanges, urls: { models: 'http://127.0.0.1:9' } })
    const other = await createTokenSigner(JSON.stringify((await makeInternalKey()).secret))
    const stranger = await serverOf(taking(204)[0] as Subgraph)
    closers.push(stranger.close)
    const unknown = await gateway({
      ...{ subgraphs: [], remote: { urls: { models: await stranger.listen() }, signer: other, toldOfChanges } },
    })
    closers.push(unknown.close)
    for (const own of [gone, { ...unknown, connections: {} }]) {
      const response = await post(own, 'known')
      expect([response.statusCode, response.json().errors[0].message]).toEqual([
        503,
        'The part of the graph that this message is for does not answer now: send it again in a moment.',
      ])
    }
  })
})
