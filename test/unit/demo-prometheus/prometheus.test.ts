import { describe, expect, it } from 'vitest'
import { counter, gauge, histogram, startPrometheus } from '#demo/prometheus/index.ts'
import { mapped, replayFolder } from './replay.ts'

const RECORDED_AT = 1_795_488_495.9
const FIXTURES = new URL('../../../demo/prometheus/fixtures/prometheus-2.42.0/', import.meta.url)

/** What was pushed to the recorded server. Its drift of churn rose 15 s before. */
const recorded = [
  gauge('model_drift_score', { feature: 'age', job: 'models', model: 'churn' }, (at) =>
    at < 1_795_488_485 ? 0.1 : 0.9,
  ),
  gauge('model_drift_score', { feature: 'amount', job: 'models', model: 'fraud.v2' }, 0.05),
  gauge('model_drift_score', { feature: 'x', job: 'models', model: 'nan' }, Number.NaN),
  counter('model_requests_total', { job: 'models', model: 'churn', version: '3' }, 1.206896551724138),
  counter('model_requests_total', { job: 'models', model: 'fraud.v2', version: '1' }, 0.3620689655172414),
  ...histogram(
    'model_latency_seconds',
    { job: 'models', model: 'churn' },
    { perSecond: 1, longest: 0.4 / 0.95, bounds: [0.1, 0.4, 1] },
  ),
]

const start = () => startPrometheus({ series: recorded, now: () => RECORDED_AT * 1_000 })

/** Digits that floating point leaves open, moments within the second of the recording, and words of the parser. */
const normalise = (body: unknown) =>
  mapped(body, (key, value) => {
    if (key === 'error' && String(value).includes('parse error')) return 'parse error'
    if (key === 'error' && /unexpected end/.test(String(value))) return 'parse error'
    const number = typeof value === 'number' ? Math.floor(value) : Number(value)
    return Number.isNaN(number) ? value : number.toPrecision(7)
  })

describe('the stand-in of Prometheus 2.42.0', () => {
  replayFolder(FIXTURES, start, normalise)

  it('refuses PromQL that it does not know, instead of making something up', async () => {
    const standIn = await start()
    try {
      for (const query of ['a / b', 'avg(a)', 'rate(a)', 'a{b="\\."}', 'a[5m]']) {
        const answer = await fetch(`${standIn.url}/api/v1/query?${new URLSearchParams({ query })}`)
        expect([query, answer.status]).toEqual([query, 400])
      }
    } finally {
      await standIn.close()
    }
  })
})
