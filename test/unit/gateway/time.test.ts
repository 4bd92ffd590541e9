import type { ApolloServer } from '@apollo/server'
import Fastify from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addGraphqlRoute } from '#gateway/graphql-route.ts'
import { createOverload } from '#gateway/overload.ts'
import { createAnswering } from '#gateway/request.ts'
import { createLog } from '#lib/log.ts'
import { ask, gateway, subgraphs } from './graph.ts'

const never = () => new Promise<never>(() => {})

/** A gateway whose endpoints take as long as a test wants, and a promise of the moment they are asked for. */
async function waiting(answer: (signal: AbortSignal) => unknown, requestDeadlineMilliseconds = 10_000) {
  const asked = Promise.withResolvers<AbortSignal>()
  const Query = {
    endpoints: (_: never, __: unknown, { signal }: { signal: AbortSignal }) => {
      asked.resolve(signal)
      return answer(signal)
    },
  }
  const server = await gateway({
    subgraphs: subgraphs({ serving: { Query } }),
    config: { requestDeadlineMilliseconds },
  })
  return { ...server, asked: asked.promise }
}

const body = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ endpoints { name } }"}',
}

afterEach(() => vi.useRealTimers())

describe('the deadline of a query', () => {
  it('cuts off a part of the graph that hangs, and the rest still answers', async () => {
    const server = await waiting(never, 200)
    const { status, data, errors } = await ask(server, '{ answer endpoints { name } models { name traffic } }')
    expect(status).toBe(200)
    expect(data).toEqual({
      answer: 42,
      endpoints: null,
      models: [
        { name: 'churn', traffic: 7 },
        { name: 'fraud', traffic: 7 },
      ],
    })
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^The part of the graph called "serving" did not answer: its time .* is over/),
        path: ['endpoints'],
        extensions: { code: 'UPSTREAM_TIMEOUT', requestId: expect.any(String) },
      },
    ])
  })

  it('leaves time to those who give up when they are told to', async () => {
    const partial = (signal: AbortSignal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 1, [{ name: 'some' }])))
    const server = await waiting(partial, 400)
    const { data, errors } = await ask(server, '{ endpoints { name } }')
    expect(errors).toBeUndefined()
    expect(data).toEqual({ endpoints: [{ name: 'some' }] })
    expect((await server.asked).reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('is told as such by those who throw the reason on', async () => {
    const server = await waiting(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      100,
    )
    const { data, errors } = await ask(server, '{ endpoints { name } answer }')
    expect(data).toEqual({ endpoints: null, answer: 42 })
    expect(errors).toMatchObject([{ path: ['endpoints'], extensions: { code: 'UPSTREAM_TIMEOUT' } }])
    expect(server.lines.filter(({ level }) => level === 50)).toEqual([])
  })

  it('is answered with 504 when even the gateway is late', async () => {
    const app = Fastify()
    const apollo = { assertStarted() {}, executeHTTPGraphQLRequest: never } as unknown as ApolloServer
    const caller = { subject: 'local', roles: [], scopes: [] }
    const answering = createAnswering({
      deadlineMilliseconds: 20,
      overload: createOverload({ running: 1, waiting: 0, eventLoopDelayMilliseconds: 500 }, 20),
      log: createLog('silent'),
      callerOf: () => caller,
    })
    addGraphqlRoute(app, () => apollo, answering)
    const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ answer }' } })
    expect(response.statusCode).toBe(504)
    expect(response.json().errors[0]).toMatchObject({
      message: expect.stringContaining('could not answer within 20 milliseconds (gateway.requestDeadlineMilliseconds)'),
      extensions: { code: 'REQUEST_TIMEOUT' },
    })
  })

  it('leaves no timer behind', async () => {
    const server = await gateway()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await Promise.all([ask(server, '{ answer }'), ask(server, '{ nothing }'), ask(server, '{')])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a client that goes away', () => {
  it('ends the work for it', async () => {
    const server = await waiting(never)
    const url = `${await server.listen()}/graphql`
    const client = new AbortController()
    const response = fetch(url, { ...body, signal: client.signal })
    const signal = await server.asked
    expect(signal.aborted).toBe(false)
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    client.abort()
    await expect(response).rejects.toThrow('aborted')
    await aborted
    expect(signal.reason).toMatchObject({ name: 'AbortError' })
    await server.close()
    expect(server.lines.at(-1)).toMatchObject({ status: 499, msg: 'graphql' })
  })
})

describe('the end of the gateway', () => {
  it('answers what is in flight, takes nothing more and is not ready', async () => {
    const { promise: answer, resolve } = Promise.withResolvers<object[]>()
    const server = await waiting(() => answer)
    const url = await server.listen()
    const response = fetch(`${url}/graphql`, body)
    await server.asked
    const closed = server.close()
    expect((await server.app.inject('/health/ready')).statusCode).toBe(503)
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
    resolve([{ name: 'late' }])
    expect(await (await response).json()).toEqual({ data: { endpoints: [{ name: 'late' }] } })
    expect((await response).headers.get('connection')).toBe('close')
    await closed
  })

  it('waits for five seconds, and no longer', async () => {
    const server = await waiting(never)
    const response = fetch(`${await server.listen()}/graphql`, body)
    const lost = expect(response).rejects.toThrow()
    await server.asked
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let closed = false
    const closing = server.close().then(() => {
      closed = true
    })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(closed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await closing
    await lost
  })
})
