import { GraphQLError } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { startMetrics } from '#lib/telemetry/metrics.ts'
import { ask, gateway, subgraphs } from './graph.ts'

const metrics = startMetrics()
afterAll(() => metrics.close())

const failing = {
  Query: {
    endpoints: () => {
      throw new GraphQLError('no', { extensions: { code: 'UPSTREAM_FORBIDDEN' } })
    },
    asked: () => {
      throw new GraphQLError('no', { extensions: { code: 'secret "words"\n of a team' } })
    },
  },
}
const server = await gateway({ metrics: metrics.exposition, subgraphs: subgraphs({ serving: failing }) })

/** The value of one line of the metrics; undefined: there is none. */
async function value(line: string): Promise<number | undefined> {
  const found = (await metrics.exposition()).split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length + 1))
}

describe('/metrics', () => {
  it('shows requests by method, route and status, and never an address', async () => {
    await ask(server, '{ answer }')
    await ask(server, '{')
    await server.app.inject('/none-of-ours/secret-path?token=secret-token')
    const { headers, statusCode, body } = await server.app.inject('/metrics')
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const count = (labels: string) => `http_server_request_duration_seconds_count{${labels}} 1\n`
    const post = 'http_request_method="POST",http_route="/graphql"'
    expect(body).toContain(count(`${post},http_response_status_code="200"`))
    expect(body).toContain(count(`${post},http_response_status_code="400"`))
    expect(body).toContain(count('http_request_method="GET",http_response_status_code="404"'))
    expect(body).not.toMatch(/secret/)
  })

  it('shows a client that went away as 499', async () => {
    const asked = Promise.withResolvers<void>()
    const hanging = await gateway({
      subgraphs: subgraphs({
        serving: {
          Query: {
            endpoints: () => {
              asked.resolve()
              return new Promise(() => {})
            },
          },
        },
      }),
    })
    const client = new AbortController()
    const headers = { 'content-type': 'application/json' }
    const address = `${await hanging.listen()}/graphql?query={endpoints{name}}`
    const answer = fetch(address, { headers, signal: client.signal })
    await asked.promise
    client.abort()
    await expect(answer).rejects.toThrow()
    const line =
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/graphql",http_response_status_code="499"}'
    await expect.poll(() => value(line)).toBe(1)
    await hanging.close()
  })

  it('counts operations by outcome and errors by code, whatever a subgraph puts there', async () => {
    await ask(server, '{ answer endpoints { name } asked { subject } }')
    expect(await value('modelops_graphql_operations_total{graphql_operation_type="query",outcome="partial"}')).toBe(1)
    expect(await value('modelops_graphql_errors_total{code="UPSTREAM_FORBIDDEN"}')).toBe(1)
    expect(await value('modelops_graphql_errors_total{code="OTHER"}')).toBe(1)
    expect(await value('modelops_graphql_operations_total{graphql_operation_type="unknown",outcome="failed"}')).toBe(1)
  })

  it('shows the queue of queries, and the process', async () => {
    expect(await value('modelops_gateway_running')).toBe(0)
    expect(await value('modelops_gateway_waiting')).toBe(0)
    for (const name of ['process_memory_usage_bytes', 'v8js_memory_heap_used_bytes', 'process_cpu_time_seconds_total'])
      expect(await value(name)).toBeGreaterThan(0)
    expect(await value('nodejs_eventloop_delay_p99_seconds')).toBeGreaterThanOrEqual(0)
  })

  it('holds no operation names, variables or headers', async () => {
    await server.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer secret-key', 'x-request-id': 'secret-id' },
      payload: { query: 'query Secret($id: ID!) { model(id: $id) { name } }', variables: { id: 'secret-model' } },
    })
    expect(await metrics.exposition()).not.toMatch(/secret/i)
  })
})

describe('who reads /metrics', () => {
  const roles = (...all: string[]) =>
    gateway({
      metrics: metrics.exposition,
      identify: () => ({ caller: { subject: 'someone', roles: all, scopes: [] } }),
    })

  it('is every caller of the graph', async () => {
    expect((await (await roles('reader')).app.inject('/metrics')).statusCode).toBe(200)
    expect((await (await roles()).app.inject('/metrics')).statusCode).toBe(200)
  })

  it('is nobody who is not let in', async () => {
    const { statusCode } = await server.app.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })
    expect(statusCode).toBe(401)
  })

  it('is who has the role "metrics", who reads nothing else', async () => {
    const { app } = await roles('metrics')
    expect((await app.inject('/metrics')).statusCode).toBe(200)
    const refused = await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ answer }' } })
    expect(refused.statusCode).toBe(403)
    expect(refused.json().errors[0].message).toContain('reads /metrics and nothing else')
    expect((await app.inject('/graphiql')).statusCode).toBe(403)
    const both = await (await roles('metrics', 'reader')).app.inject('/graphql?query={answer}')
    expect(both.statusCode).not.toBe(403)
  })
})
