import { trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '#lib/log.ts'
import { inSpan } from '#lib/telemetry/span.ts'
import { startTelemetry } from '#lib/telemetry/start.ts'
import { otlpProcessor, startTracing } from '#lib/telemetry/tracing.ts'
import { type FaultServer, startFaultServer } from '../../faults/proxy.ts'

const config = { sampled: 1, accept: false, propagate: false }
let collector: FaultServer
let lines: Record<string, unknown>[]
const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
beforeEach(async () => {
  lines = []
  collector = await startFaultServer()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await collector.close()
})
const work = () => inSpan('work', {}, async () => 1)

describe('traces', () => {
  it('go to the configured collector and nowhere else, whatever the environment says', async () => {
    const elsewhere = await startFaultServer()
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', elsewhere.url)
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', elsewhere.url)
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-team=platform')
    const telemetry = await startTelemetry({ ...config, otlp: collector.url }, log)
    expect(await work()).toBe(1)
    await telemetry.close()
    expect(collector.calls.map(({ method, path, headers }) => [method, path, headers['x-team']])).toEqual([
      ['POST', '/v1/traces', 'platform'],
    ])
    const [{ body = '' } = {}] = collector.calls
    expect(JSON.parse(body).resourceSpans[0].scopeSpans[0].spans).toMatchObject([{ name: 'work' }])
    expect(elsewhere.calls).toEqual([])
    await elsewhere.close()
  })

  it('are not made, and nothing is sent, where no collector is configured', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
    const telemetry = await startTelemetry(config, log)
    await inSpan('work', {}, async (span) => expect(span.isRecording()).toBe(false))
    await telemetry.close()
    expect(collector.calls).toEqual([])
  })

  it('that cannot be sent disturb nobody, and are told once until they can be', async () => {
    const processor = otlpProcessor({ ...config, otlp: collector.url }, log)
    if (!processor) throw new Error('none')
    const stop = startTracing(config, processor)
    await collector.fault({ kind: 'answer', status: 400, body: 'secret words' })
    for (let i = 0; i < 3; i++) {
      expect(await work()).toBe(1)
      await processor.forceFlush()
    }
    await collector.heal()
    for (let i = 0; i < 2; i++) {
      await work()
      await processor.forceFlush()
    }
    await stop()
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [40, 'traces cannot be sent to telemetry.otlp: they are lost until they can'],
      [30, 'traces are sent to telemetry.otlp again'],
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it('hold up the end of the process for three seconds at most', async () => {
    await collector.fault({ kind: 'hang' })
    const telemetry = await startTelemetry({ ...config, otlp: collector.url }, log)
    await work()
    const started = performance.now()
    await telemetry.close()
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(trace.getActiveSpan()).toBeUndefined()
  })
})
