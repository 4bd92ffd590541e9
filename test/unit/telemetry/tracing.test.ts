import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTracing } from '#lib/telemetry/tracing.ts'
import { type FaultServer, startFaultServer } from '../../faults/proxy.ts'
import { PASSWORD, type TestSource, testSource } from '../../faults/source.ts'
import { gateway, subgraphs } from '../gateway/graph.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const traceparent = (sampled: boolean) => `00-${TRACE}-b7ad6b7169203331-0${sampled ? 1 : 0}`

let tool: FaultServer
let source: TestSource
beforeAll(async () => {
  tool = await startFaultServer()
  source = testSource(tool.url)
})
afterAll(async () => {
  await source.close()
  await tool.close()
})

let exporter: InMemorySpanExporter
let stop = async () => {}
function trace(config: { accept?: boolean; propagate?: boolean; sampled?: number } = {}) {
  exporter = new InMemorySpanExporter()
  stop = startTracing({ accept: false, propagate: false, sampled: 1, ...config }, new SimpleSpanProcessor(exporter))
}
afterEach(async () => {
  await stop()
  tool.calls.splice(0)
})
const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name)

/** Asks two subgraphs, one of which asks a source. */
async function ask(headers: Record<string, string> = {}) {
  const Query = {
    endpoints: async () => {
      await source.get('/secret-path?query=secret')
      return [{ name: 'one' }]
    },
  }
  const server = await gateway({
    subgraphs: subgraphs({ serving: { Query } }),
    identify: () => ({ caller: { subject: 'secret-subject', roles: [], scopes: [] } }),
  })
  const answer = await server.app.inject({
    method: 'POST',
    url: '/graphql?address=secret',
    headers: { authorization: 'Bearer secret', 'x-request-id': 'this-one', ...headers },
    payload: {
      query: 'query Named($id: ID!) { endpoints { name } model(id: $id) { secret: name } }',
      variables: { id: 'secret-model' },
    },
  })
  expect(answer.statusCode).toBe(200)
  return server
}

describe('a query', () => {
  it('is a span; below it is one for each fetch of a subgraph, and below that one for each attempt to ask a source', async () => {
    trace()
    await tool.fault({ kind: 'answer', status: 503 }, { times: 1 })
    const { lines } = await ask()
    const [request] = named('POST /graphql')
    const [fetch] = named('fetch serving')
    expect(request?.parentSpanContext).toBeUndefined()
    expect(request?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'modelops.request_id': 'this-one',
      'modelops.errors': 0,
      'graphql.operation.name': 'Named',
    })
    expect(lines.at(-1)).toMatchObject({ msg: 'graphql', traceId: request?.spanContext().traceId })
    expect(named('fetch models')).toHaveLength(1)
    expect(fetch?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    const attempts = named('GET tool')
    expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      Array(2).fill(fetch?.spanContext().spanId),
    )
    const both = { 'modelops.source': 'tool', 'http.request.method': 'GET' }
    expect(attempts.map(({ attributes }) => attributes)).toEqual([
      {
        ...both,
        ...{
          'modelops.attempt': 1,
          'http.response.status_code': 503,
          'modelops.outcome': 'DOWN',
          'error.type': 'DOWN',
        },
      },
      { ...both, 'modelops.attempt': 2, 'http.response.status_code': 200, 'modelops.outcome': 'ok' },
    ])
  })

  it('leaves nothing of its variables, headers, addresses and credentials in spans, whoever made them', async () => {
    trace()
    await ask()
    const told = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, events, status, links, resource }) => {
        return [name, attributes, events, status, links, resource.attributes]
      }),
    )
    expect(told).toContain('fetch serving')
    for (const secret of ['secret', PASSWORD, 'Bearer', 'Basic', new URL(tool.url).host]) {
      expect(told).not.toContain(secret)
    }
    expect(new Set(exporter.getFinishedSpans().map(({ instrumentationScope }) => instrumentationScope.name))).toEqual(
      new Set(['modelops']),
    )
  })

  it('is not traced where it is not sampled', async () => {
    trace({ sampled: 0 })
    await ask()
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('without tracing has no trace in the log and asks sources without one', async () => {
    stop = async () => {}
    const { lines } = await ask({ traceparent: traceparent(true) })
    expect(lines.at(-1)).not.toHaveProperty('traceId')
    expect(tool.calls.at(-1)?.headers).not.toHaveProperty('traceparent')
  })
})

describe('the trace of a client', () => {
  it('is not continued unless that is configured', async () => {
    trace({ sampled: 1 })
    await ask({ traceparent: traceparent(false) })
    expect(named('POST /graphql')[0]?.spanContext().traceId).not.toBe(TRACE)
  })

  it('is continued where that is configured, and the client decides whether', async () => {
    trace({ accept: true, sampled: 0 })
    await ask({ traceparent: traceparent(true) })
    expect(named('POST /graphql')[0]?.spanContext().traceId).toBe(TRACE)
    exporter.reset()
    await ask({ traceparent: traceparent(false) })
    await ask({ traceparent: 'nonsense' })
    expect(exporter.getFinishedSpans()).toEqual([])
  })
})

describe('a source', () => {
  it('is not told of the trace unless that is configured', async () => {
    trace({ accept: true })
    await ask({ traceparent: traceparent(true) })
    expect(tool.calls.at(-1)?.headers).not.toHaveProperty('traceparent')
  })

  it('is told which span asks, where that is configured', async () => {
    trace({ propagate: true })
    await ask()
    const { traceId, spanId } = named('GET tool')[0]?.spanContext() ?? {}
    expect(tool.calls.at(-1)?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`)
  })
})
