import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildConfig } from '#lib/config/load.ts'
import { type ConnectedSource, connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { monitoringAdapters } from '#services/monitoring/adapters.ts'
import { figuresOf } from '#services/monitoring/figures.ts'
import type { MonitoringPort, TrafficRecord } from '#services/monitoring/port.ts'
import { HOSTILE, recorded, SHARE, servers } from './monitored.ts'

/** A Prometheus that scrapes what `jobs` in `monitored.ts` gives. */
export interface PrometheusUnderTest {
  readonly url: string
  readonly version: string
  /** Share of the window for which there are data: a young server divides what it saw by the whole window. */
  readonly filled: 'all' | 'some'
  stop(): Promise<void>
}

export const call = () => ({ signal: AbortSignal.timeout(20_000) })
const WINDOW = 60

/** Connects a monitoring source as the composition root does. */
export function connectMonitoring(spec: object): ConnectedSource<MonitoringPort> {
  const adapterKinds = Object.fromEntries(monitoringAdapters.map(({ kind, options }) => [kind, options as z.ZodObject]))
  const kinds = {
    ...adapterKinds,
    mlflow: z.object({}).meta({ role: 'registry' }),
    served: z.object({}).meta({ role: 'server' }),
  }
  const others = [
    { id: 'registry', kind: 'mlflow', url: 'http://registry.example' },
    ...Object.keys(servers).map((id) => ({ id, kind: 'served', url: `http://${id}.example` })),
  ]
  const config = buildConfig({ sources: [{ id: 'monitor', ...spec }, ...others] }, kinds)
  const options = { config, registries: ['registry'], log: pino({ level: 'silent' }) }
  const [connected] = connectSources<MonitoringPort>(monitoringAdapters, options)
  if (!connected) throw new Error('No monitoring source was connected')
  return connected
}

const presets = Object.keys(servers)
const watches = [
  ...presets.map((preset) => ({ source: preset, selector: { job: preset }, preset })),
  { source: 'triton', endpoint: 'elsewhere', selector: { job: 'nowhere' }, preset: 'triton' },
]
const signals = [
  {
    ...{ name: 'drift', kind: 'data', registry: 'registry', worse: 'higher', threshold: 0.2 },
    query: 'max by (model, feature) (drift)',
  },
  {
    ...{ name: 'p-value', kind: 'prediction', modelLabel: 'model_name', versionLabel: 'model_version' },
    ...{ query: 'max by (model_name, model_version) (p_value)', worse: 'lower', threshold: 0.05 },
  },
  { name: 'broken', kind: 'other', query: 'sum(', worse: 'lower' },
]

/** What the monitoring port promises, held against a Prometheus, real or stood in for. */
export function describePrometheus(name: string, start: () => Promise<PrometheusUnderTest>): void {
  describe(`${name} as a monitoring port`, () => {
    let under: PrometheusUnderTest
    let connected: ConnectedSource<MonitoringPort>
    let records: readonly (TrafficRecord | UpstreamError)[]
    const port = () => connected.port

    beforeAll(async () => {
      under = await start()
      connected = connectMonitoring({ kind: 'prometheus', url: under.url, watches, signals })
      const questions = recorded.map(({ preset, model }) => ({
        ...{ watch: presets.indexOf(preset), model, windowSeconds: WINDOW },
      }))
      records = (await port().traffic?.read(questions, call())) ?? []
    })
    afterAll(async () => {
      await connected?.upstream.close()
      await under?.stop()
    })

    it.each(recorded.map((one, i) => ({ ...one, i })))(
      'tells the traffic of $model $version on $preset',
      ({ i, version, ...expected }) => {
        const record = records[i]
        if (!record || record instanceof UpstreamError) throw record ?? new Error('no record')
        const figures = figuresOf(record.series, version)
        const close = (value: number | null) => (value === null ? null : expect.closeTo(value, 6))
        expect(figures).toMatchObject({
          covers: expected.covers,
          errorRatio: close(expected.errorRatio),
          latencyMeanSeconds: close(expected.mean),
          latencyP95Seconds: close(expected.p95),
        })
        const rate = figures?.requestsPerSecond ?? -1
        if (under.filled === 'all' || expected.requests === 0) expect(rate).toBeCloseTo(expected.requests * SHARE, 6)
        else {
          expect(rate).toBeGreaterThan(0)
          expect(rate).toBeLessThan(expected.requests * SHARE * 1.2)
        }
        expect(record).toMatchObject({ targets: { known: 1, up: 1 }, partial: false })
        expect(record.saturation).toEqual(close(expected.saturation ?? null))
        expect(Math.abs(record.at - Date.now())).toBeLessThan(60_000)
      },
    )

    it('has no series of a model that it does not know, and none of a name that only looks like it', async () => {
      const asked = ['nobody', 'ax.*c', 'iri.'].map((model) => ({ watch: 1, model, windowSeconds: WINDOW }))
      const found = await port().traffic?.read(asked, call())
      expect(found).toMatchObject(asked.map(() => ({ series: [], targets: { known: 1, up: 1 } })))
    })

    it('knows no targets where the labels of the watch match none', async () => {
      const [record] =
        (await port().traffic?.read([{ watch: presets.length, model: 'iris', windowSeconds: WINDOW }], call())) ?? []
      expect(record).toMatchObject({ series: [], targets: null })
    })

    it('answers for very many models at once', async () => {
      const names = Array.from({ length: 2_000 }, (_, i) => `model-${i}`)
      const asked = [...names, 'iris'].map((model) => ({ watch: 1, model, windowSeconds: WINDOW }))
      const found = (await port().traffic?.read(asked, call())) ?? []
      expect(found.flatMap((record) => ('series' in record && record.series.length > 0 ? [record] : [])).length).toBe(1)
      expect(found.at(-1)).toMatchObject({
        series: expect.arrayContaining([expect.objectContaining({ version: '2' })]),
      })
    })

    it('tells what somebody publishes: numbers, zero, and what is no number', async () => {
      const [drift] = (await port().signals?.read([], call())) ?? []
      expect(drift?.failure).toBeNull()
      const found = drift?.measurements.map(({ named, feature, value }) => [named.modelName, feature, value])
      expect(found?.sort()).toEqual([
        [HOSTILE, 'x', Number.NaN],
        ['loan', 'age', 0],
        ['loan', 'income', 0.34],
      ])
      const since = drift?.measurements.map(({ feature, since: moment }) => [feature, moment !== null])
      expect(Object.fromEntries(since ?? [])).toEqual({ x: false, age: false, income: true })
    })

    it('knows by which labels a signal is of a model, and guesses where no registry is stated', async () => {
      const [drift, pValue] = (await port().signals?.read([], call())) ?? []
      expect(drift?.measurements[0]?.named).toMatchObject({ registry: 'registry', link: { method: 'MATCHED' } })
      expect(pValue?.measurements).toMatchObject([
        {
          named: { registry: null, modelName: 'loan', modelVersion: '2', link: { method: 'GUESSED' } },
          ...{ value: 0.01, since: expect.any(Number) },
        },
      ])
    })

    it('reads the other signals when the PromQL of one is wrong, and says which', async () => {
      const read = (await port().signals?.read([], call())) ?? []
      expect(read.map(({ failure }) => failure?.reason ?? null)).toEqual([null, null, 'BAD_RESPONSE'])
      expect(read[2]?.failure?.message).toMatch(/the signal broken/)
    })

    it('says who it is, and which watches reach nothing', async () => {
      const { version, can, cannot } = await port().probe(call())
      expect(version).toBe(under.version)
      expect(can.join()).toContain('traffic on mlserver (1 targets)')
      expect(cannot.join()).toContain('{job="nowhere"}')
      expect(connected.state.version).toBe(under.version)
    })

    it('fails with a reason when the server is gone', async () => {
      const gone = connectMonitoring({ kind: 'prometheus', url: 'http://127.0.0.1:9', watches, signals })
      await expect(gone.port.probe(call())).rejects.toThrow(UpstreamError)
      const [record] = (await gone.port.traffic?.read([{ watch: 0, model: 'iris', windowSeconds: 60 }], call())) ?? []
      expect(record).toMatchObject({ reason: 'DOWN' })
      await expect(gone.port.signals?.read([], call())).rejects.toThrow(UpstreamError)
      await gone.upstream.close()
    })
  })
}
