import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertSpec, SilenceSpec } from '#demo/alertmanager/index.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { AlertList, AlertRecord, MonitoringPort } from '#services/monitoring/port.ts'
import { HOSTILE } from './monitored.ts'
import { call, connectMonitoring } from './monitoring-suite.ts'

/** An Alertmanager that holds `alerts` and `silences`. */
export interface AlertmanagerUnderTest {
  readonly url: string
  readonly version: string
  stop(): Promise<void>
}

const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1_000) * 1_000 - minutes * 60_000

/** What the Alertmanager holds. The one of severity info is kept quiet by the page of the same model. */
export const alerts: readonly AlertSpec[] = [
  {
    labels: { alertname: 'Drift', model: 'loan', model_version: '2', severity: 'page' },
    annotations: { summary: 'drift on loan' },
    ...{ startsAt: minutesAgo(30), generatorUrl: 'https://prometheus.example/graph?g0.expr=drift' },
  },
  {
    labels: { alertname: 'Quiet', model: 'loan', severity: 'info' },
    annotations: { description: 'kept quiet' },
    ...{ startsAt: minutesAgo(20), inhibitedBy: ['page of loan'] },
  },
  { labels: { alertname: 'Slow', job: 'triton', model_name: HOSTILE }, startsAt: minutesAgo(10) },
  {
    labels: { alertname: 'Full', instance: 'db-1' },
    ...{ startsAt: minutesAgo(5), generatorUrl: 'javascript:alert(1)' },
  },
]

/** One that holds, and one that is over. */
export const silences: readonly SilenceSpec[] = [
  {
    ...{ id: '00000000-0000-4000-8000-000000000001', matchers: { alertname: 'Slow' }, comment: 'it is known' },
    ...{ createdBy: 'fraud-defence', startsAt: minutesAgo(0), endsAt: minutesAgo(-60) },
  },
]

const source = {
  ...{ kind: 'alertmanager', registry: 'registry' },
  watches: [{ source: 'triton', selector: { job: 'triton' } }],
}

/** What the monitoring port promises of alerts, held against an Alertmanager, real or stood in for. */
export function describeAlertmanager(name: string, start: () => Promise<AlertmanagerUnderTest>): void {
  describe(`${name} as a monitoring port`, () => {
    let under: AlertmanagerUnderTest
    let connected: ConnectedSource<MonitoringPort>
    let list: AlertList
    beforeAll(async () => {
      under = await start()
      connected = connectMonitoring({ ...source, url: under.url })
      const read = await connected.port.alerts?.read(call())
      if (!read) throw new Error('the port holds no alerts')
      list = read
    })
    afterAll(async () => {
      await connected?.upstream.close()
      await under?.stop()
    })
    const alert = (wanted: string): AlertRecord => {
      const found = list.alerts.find((one) => one.name === wanted)
      if (!found) throw new Error(`no alert ${wanted} was read`)
      return found
    }

    it('tells every alert, also those that nobody is told of', () => {
      expect(list.alerts.map((one) => one.name).sort()).toEqual(['Drift', 'Full', 'Quiet', 'Slow'])
      expect(new Set(list.alerts.map(({ key }) => key)).size).toBe(4)
    })

    it('reads an alert whole', () => {
      expect(alert('Drift')).toMatchObject({
        ...{ severity: 'page', summary: 'drift on loan', startedAt: alerts[0]?.startsAt },
        ...{ suppressed: false, inhibited: false, silences: [], watched: [] },
        webUrl: 'https://prometheus.example/graph?g0.expr=drift',
        labels: [
          { key: 'alertname', value: 'Drift' },
          { key: 'model', value: 'loan' },
          { key: 'model_version', value: '2' },
          { key: 'severity', value: 'page' },
        ],
      })
    })

    it('tells why an alert is quiet', () => {
      expect(alert('Quiet')).toMatchObject({ suppressed: true, inhibited: true, silences: [], summary: 'kept quiet' })
      const [silence] = silences
      expect(alert('Slow')).toMatchObject({
        ...{ suppressed: true, inhibited: false, severity: null, summary: null },
        silences: [{ comment: 'it is known', createdBy: 'fraud-defence', endsAt: silence?.endsAt }],
      })
    })

    it('knows which model the labels name, whatever its name, and that others name none', () => {
      expect(alert('Drift').named).toMatchObject({
        ...{ registry: 'registry', modelName: 'loan', modelVersion: '2' },
        link: { method: 'MATCHED', evidence: 'label model = loan, label model_version = 2' },
      })
      expect(alert('Slow').named).toMatchObject({ modelName: HOSTILE, modelVersion: null })
      expect(alert('Full').named).toBeNull()
    })

    it('knows which server the labels are of', () => {
      expect(alert('Slow').watched).toEqual([{ source: 'triton', endpoint: null, evidence: 'label job = triton' }])
    })

    it('shows no address that a browser would run', () => {
      expect(alert('Full').webUrl).toBeNull()
    })

    it('says who it is and since when it has been there', async () => {
      expect(await connected.port.probe(call())).toMatchObject({ version: under.version })
      expect(connected.state.version).toBe(under.version)
      expect(list.startedAt).toBeLessThan(Date.now())
    })

    it('fails with a reason when the server is gone', async () => {
      const gone = connectMonitoring({ ...source, url: 'http://127.0.0.1:9' })
      await expect(gone.port.alerts?.read(call())).rejects.toThrow(UpstreamError)
      await gone.upstream.close()
    })
  })
}
