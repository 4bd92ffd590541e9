import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { startTracing } from '#lib/telemetry/tracing.ts'
import { ask, gateway, subgraphs } from '../gateway/graph.ts'
import { serverOf, signer } from '../internal/graph.ts'

const [, serving] = subgraphs()
if (!serving) throw new Error('there are two')

it('a trace goes on in a subgraph that is a server of its own, whatever is configured for clients and sources', async () => {
  const exporter = new InMemorySpanExporter()
  const stop = startTracing({ accept: false, propagate: false, sampled: 1 }, new SimpleSpanProcessor(exporter))
  const server = await serverOf(serving)
  const own = await gateway({ subgraphs: [], remote: { urls: { serving: await server.listen() }, signer } })
  await ask(own, '{ endpoints { name } }')
  const named = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)
  const [fetch, answer] = [named('fetch serving'), named('answer serving')]
  expect(answer?.parentSpanContext?.spanId).toBe(fetch?.spanContext().spanId)
  expect(answer?.spanContext().traceId).toBe(named('POST /graphql')?.spanContext().traceId)
  await own.close()
  await server.close()
  await stop()
})

it('a subgraph that is a server of its own shows its metrics to a scraper, which has no token of the gateway', async () => {
  const server = await serverOf(serving, { metrics: async () => 'all of them\n' })
  const { statusCode, body, headers } = await server.app.inject('/metrics')
  expect([statusCode, body, headers['content-type']]).toEqual([
    200,
    'all of them\n',
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  expect((await (await serverOf(serving)).app.inject('/metrics')).statusCode).not.toBe(200)
})
