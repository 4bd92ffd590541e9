import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectedSource } from '#lib/sources.ts'
import type { MonitoringPort } from '#services/monitoring/port.ts'
import { HOSTILE } from './monitored.ts'
import { call, connectMonitoring } from './monitoring-suite.ts'

const NOW = Date.now()
export const daysAgo = (days: number) => Math.floor(NOW - days * 86_400_000)

/** An MLflow that holds `measured` in the experiment `monitoring "α"`. */
interface MlflowUnderTest {
  readonly url: string
  readonly version: string
  stop(): Promise<void>
}

export const EXPERIMENT = 'monitoring "α"'

/** What monitoring jobs logged: one run each. */
export const measured: readonly {
  readonly days: number
  readonly model?: string
  readonly metrics: Record<string, number>
}[] = [
  { days: 20, model: 'loan', metrics: { 'psi/income': 0.9 } },
  { days: 4, model: 'loan', metrics: { 'psi/income': 0.1, 'psi/age': 0.3 } },
  { days: 3, model: 'loan', metrics: { 'psi/income': 0.3, 'psi/age': 0.01 } },
  { days: 1, model: 'loan', metrics: { 'psi/income': 0.4, 'psi/age': 0, auc: 0.8 } },
  { days: 3, model: HOSTILE, metrics: { auc: 0.7 } },
  { days: 1, metrics: { auc: 0.1 } },
]

/** What is promised of metrics of runs as signals, held against one MLflow. */
export function describeMlflowMetrics(name: string, start: () => Promise<MlflowUnderTest>): void {
  describe(`${name} as a monitoring port`, () => {
    let under: MlflowUnderTest
    let connected: ConnectedSource<MonitoringPort>
    const signals = [
      { name: 'psi', kind: 'data', experiment: EXPERIMENT, metric: 'psi/*', worse: 'higher', threshold: 0.2 },
      { name: 'auc', kind: 'quality', experiment: EXPERIMENT, metric: 'auc', worse: 'lower', threshold: 0.75 },
    ]
    const spec = () => ({ kind: 'mlflow-metrics', url: under.url, registry: 'registry' })
    beforeAll(async () => {
      under = await start()
      connected = connectMonitoring({ ...spec(), signals })
    })
    afterAll(async () => {
      await connected?.upstream.close()
      await under?.stop()
    })

    it('tells the last value of each model and feature, and since when it has been beyond the threshold', async () => {
      const [psi] = (await connected.port.signals?.read([], call())) ?? []
      expect(psi).toMatchObject({ failure: null, partial: false, definition: { kind: 'DATA', threshold: 0.2 } })
      const found = psi?.measurements.toSorted((a, b) => String(a.feature).localeCompare(String(b.feature)))
      expect(found).toMatchObject([
        { feature: 'age', value: 0, measuredAt: daysAgo(1), since: null },
        {
          ...{ feature: 'income', value: 0.4, measuredAt: daysAgo(1), since: daysAgo(3) },
          named: {
            ...{ registry: 'registry', modelName: 'loan', modelVersion: null },
            link: { method: 'MATCHED', evidence: 'tag model = loan' },
          },
        },
      ])
    })

    it('tells what nobody has measured of late as one without a value, and nothing of runs that name no model', async () => {
      const [, auc] = (await connected.port.signals?.read([], call())) ?? []
      const found = auc?.measurements.map(({ named, value, measuredAt }) => [named.modelName, value, measuredAt])
      expect(found?.toSorted()).toEqual([
        [HOSTILE, null, daysAgo(3)],
        ['loan', 0.8, daysAgo(1)],
      ])
    })

    it('reads the other signals where an experiment is not there, and says which', async () => {
      const lost = connectMonitoring({ ...spec(), signals: [...signals, { ...signals[1], experiment: 'nowhere' }] })
      const records = (await lost.port.signals?.read([], call())) ?? []
      expect(records.map(({ failure }) => failure?.reason ?? null)).toEqual([null, null, 'BAD_RESPONSE'])
      expect(records[2]?.failure?.message).toContain('has no experiment "nowhere"')
      expect(await lost.port.probe(call())).toMatchObject({
        ...{ version: under.version, can: ['signal psi (2 figures)', 'signal auc (2 figures)'] },
        cannot: [expect.stringContaining('nowhere')],
      })
      await lost.upstream.close()
    })

    it('fails with a reason when the server is gone', async () => {
      const gone = connectMonitoring({ ...spec(), url: 'http://127.0.0.1:9', signals })
      await expect(gone.port.signals?.read([], call())).rejects.toMatchObject({ reason: 'DOWN' })
      await gone.upstream.close()
    })
  })
}
