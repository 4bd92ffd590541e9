import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { alerts, describeAlertmanager, silences } from '../contract/alerts-suite.ts'
import { jobs, metricsOf } from '../contract/monitored.ts'
import { call, connectMonitoring, describePrometheus } from '../contract/monitoring-suite.ts'
import { startRealAlertmanager } from './servers/alertmanager.ts'
import { type RealPrometheus, startRealPrometheus } from './servers/prometheus.ts'

/** Scrapes after which a rate is there. */
const SCRAPES = 4

/** A scrape a second is soon seen. */
const PATIENCE = { timeout: 30_000, interval: 250 }

async function startScraping(gone: ReadonlySet<string> = new Set()): Promise<RealPrometheus> {
  const all = jobs(Date.now() / 1_000 - 3_600)
  const prometheus = await startRealPrometheus([...all.keys()], (job) =>
    gone.has(job) ? '' : metricsOf(all.get(job) ?? []),
  )
  const scraped = () => prometheus.query(`count(count_over_time(up[1m]) >= ${SCRAPES})`)
  return ready(prometheus, async () => expect(await scraped()).toEqual({ '{}': all.size }))
}

/** A server that is as a test wants it; it is stopped where that does not come. */
async function ready<T extends { stop(): Promise<void> }>(server: T, condition: () => Promise<void>): Promise<T> {
  try {
    await vi.waitFor(condition, PATIENCE)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

describePrometheus('a real Prometheus', async () => ({ ...(await startScraping()), filled: 'some' }))

describeAlertmanager('a real Alertmanager', async () => {
  const alertmanager = await startRealAlertmanager(alerts, silences)
  const suppressed = async () => {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`)
    const found = (await answer.json()) as { status: { state: string } }[]
    return found.map(({ status }) => status.state).filter((state) => state === 'suppressed').length
  }
  return ready(alertmanager, async () => expect(await suppressed()).toBe(2))
})

describe('a real Prometheus that loses sight', () => {
  const gone = new Set<string>()
  let prometheus: RealPrometheus
  beforeAll(async () => {
    prometheus = await startScraping(gone)
  })
  afterAll(() => prometheus?.stop())

  it('tells that a server cannot be reached, beside numbers that are of before', async () => {
    const watches = [{ source: 'triton', selector: { job: 'triton' }, preset: 'triton' }]
    const { port, upstream } = connectMonitoring({ kind: 'prometheus', url: prometheus.url, watches })
    prometheus.fail('triton')
    await expect.poll(() => prometheus.query('up{job="triton"} == 0'), PATIENCE).not.toEqual({})
    const [record] = (await port.traffic?.read([{ watch: 0, model: 'iris', windowSeconds: 60 }], call())) ?? []
    expect(record).toMatchObject({ targets: { known: 1, up: 0 }, series: expect.arrayContaining([expect.anything()]) })
    await upstream.close()
  })

  it('tells a signal that nobody publishes any more as one without a value', async () => {
    const signals = [{ name: 'drift', kind: 'data', query: 'max by (model) (drift)', worse: 'higher' }]
    const { port, upstream } = connectMonitoring({ kind: 'prometheus', url: prometheus.url, signals })
    const before = (await port.signals?.read([], call())) ?? []
    expect(before[0]?.measurements).toHaveLength(2)
    gone.add('signals')
    await expect.poll(() => prometheus.query('drift'), PATIENCE).toEqual({})
    const after = (await port.signals?.read(before, call())) ?? []
    expect(after[0]?.measurements.map(({ value }) => value)).toEqual([null, null])
    await upstream.close()
  })
})
