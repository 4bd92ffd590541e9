import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMetrics } from '#lib/telemetry/metrics.ts'
import { type FaultServer, startFaultServer } from '../../faults/proxy.ts'
import { PASSWORD, patience, type TestSource, testSource } from '../../faults/source.ts'

const metrics = startMetrics()
afterAll(() => metrics.close())

let server: FaultServer
let source: TestSource
let before: Map<string, number>
beforeEach(async () => {
  server = await startFaultServer()
  source = testSource(server.url, { policy: patience({ breaker: { minimum: 4, size: 4, pause: 60 } }) })
  before = await all()
})
afterEach(async () => {
  await source.close()
  await server.close()
})

/** Every line of the metrics, by name and labels. */
async function all(): Promise<Map<string, number>> {
  const lines = (await metrics.exposition()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  )
}
/** By how much a counter has grown in this test. */
const grown = async (line: string) => ((await all()).get(line) ?? 0) - (before.get(line) ?? 0)
const requests = (outcome: string) => grown(`modelops_upstream_requests_total{source="tool",outcome="${outcome}"}`)
const gauge = async (name: string) => (await all()).get(`modelops_upstream_${name}{source="tool"}`)

describe('requests to a source', () => {
  it('are counted once, however many joined them', async () => {
    await Promise.all([source.get('/a'), source.get('/a'), source.get('/b')])
    expect(await requests('ok')).toBe(2)
    expect(await grown('modelops_upstream_attempt_duration_seconds_count{source="tool"}')).toBe(2)
  })

  it.each([
    ['DOWN', { kind: 'answer', status: 500 }],
    ['FORBIDDEN', { kind: 'answer', status: 401 }],
    ['RATE_LIMITED', { kind: 'answer', status: 429 }],
    ['TIMEOUT', { kind: 'hang' }],
    ['BAD_RESPONSE', { kind: 'login-page' }],
  ] as const)('are counted as %s by the way they fail', async (reason, fault) => {
    await server.fault(fault)
    await source.failure()
    expect(await requests(reason)).toBe(1)
  })

  it('that failed for a while are counted with their further attempts', async () => {
    await server.fault({ kind: 'answer', status: 503 }, { times: 2 })
    await source.get()
    expect(await requests('ok')).toBe(1)
    expect(await requests('DOWN')).toBe(0)
    expect(await grown('modelops_upstream_retries_total{source="tool"}')).toBe(2)
  })

  it('that nobody waits for any more are no failures', async () => {
    await server.fault({ kind: 'hang' })
    const leaving = new AbortController()
    const asked = source.get('/a', { signal: leaving.signal })
    await expect.poll(() => server.calls.length).toBe(1)
    leaving.abort()
    await expect(asked).rejects.toThrow()
    expect(await requests('CANCELLED')).toBe(1)
  })

  it('that are under way or wait are shown', async () => {
    await server.fault({ kind: 'hang' })
    const leaving = new AbortController()
    const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => source.get(`/${path}`, { signal: leaving.signal }))
    await expect.poll(() => server.calls.length).toBe(4)
    expect([await gauge('running'), await gauge('waiting')]).toEqual([4, 2])
    leaving.abort()
    await Promise.allSettled(asked)
    expect([await gauge('running'), await gauge('waiting')]).toEqual([0, 0])
  })
})

describe('the breaker of a source', () => {
  it('is shown closed, open, tried and closed again; what it spares the source is counted', async () => {
    expect(await gauge('breaker')).toBe(0)
    await server.fault({ kind: 'answer', status: 500 })
    for (let i = 0; i < 4; i++) await source.failure({ path: `/${i}` })
    expect(await gauge('breaker')).toBe(1)
    await source.failure()
    expect(await requests('LEFT_ALONE')).toBe(1)
    await expect.poll(() => gauge('breaker')).toBe(0.5)
    await server.heal()
    await source.get()
    expect(await gauge('breaker')).toBe(0)
  })

  it('is not shown any more once the source is closed', async () => {
    await source.close()
    expect(await gauge('breaker')).toBeUndefined()
  })
})

it('metrics of a source hold nothing of its credentials, its address or what it was asked', async () => {
  await source.get('/secret-path?secret-query=secret')
  const text = await metrics.exposition()
  for (const secret of [PASSWORD, 'Basic', 'secret', new URL(server.url).host]) expect(text).not.toContain(secret)
})
