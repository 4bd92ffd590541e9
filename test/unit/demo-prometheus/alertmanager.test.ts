import { describe } from 'vitest'
import { startAlertmanager } from '#demo/alertmanager/index.ts'
import { mapped, replayFolder } from './replay.ts'

const FIXTURES = new URL('../../../demo/alertmanager/fixtures/alertmanager-0.25.0/', import.meta.url)

const silence = {
  ...{ id: '976c5d44-62d5-4953-8e58-3388fb61225d', matchers: { model: 'churn' }, comment: 'retraining' },
  createdBy: 'platform-team',
  ...{ startsAt: Date.parse('2026-11-24T02:48:16.145Z'), endsAt: Date.parse('2026-11-24T02:58:16.144Z') },
}
const expired = {
  ...{ ...silence, id: '71307b67-99e9-4846-9e48-3c4bae7ae1e9' },
  ...{ startsAt: Date.parse('2026-11-24T02:46:08.535Z'), endsAt: Date.parse('2026-11-24T02:46:11.054Z') },
}
const alerts = [
  {
    labels: { alertname: 'ModelDrift', model: 'churn', severity: 'page' },
    annotations: { summary: 'drift on churn: 0.9' },
    startsAt: Date.parse('2026-11-24T02:48:05.443Z'),
    generatorUrl: 'http://upstream.test/graph?g0.expr=max+by+%28model%29+%28model_drift_score%29+%3E+0.3&g0.tab=1',
  },
  {
    labels: { alertname: 'Manual', model: 'churn', severity: 'info' },
    annotations: { summary: 'by hand' },
    startsAt: Date.parse('2026-11-24T02:46:11.059Z'),
    inhibitedBy: ['24e2043b1126e989'],
  },
]

const standIn = (silences: Parameters<typeof startAlertmanager>[0]['silences'] = []) =>
  startAlertmanager({
    ...{ alerts, silences, startedAt: Date.parse('2026-11-24T02:45:07.035Z') },
    now: () => Date.parse('2026-11-24T02:50:00Z'),
  })

/** When an alert was last sent, and until when it counts without being sent again, differ by who sends it; the configuration is not read. */
const normalise = (body: unknown) =>
  mapped(body, (key, value) => (['updatedAt', 'endsAt', 'original'].includes(key) ? 'some' : value))

describe('the stand-in of Alertmanager 0.25.0', () => {
  describe('with a silence', () => {
    replayFolder(new URL('silenced/', FIXTURES), () => standIn([silence, expired]), normalise)
  })
  describe('without', () => {
    replayFolder(new URL('plain/', FIXTURES), () => standIn(), normalise)
  })
})
