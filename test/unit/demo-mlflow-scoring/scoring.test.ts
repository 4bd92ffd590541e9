import { describe, expect, it } from 'vitest'
import { type ScoringVersion, startMlflowScoring } from '#demo/mlflow-scoring/index.ts'
import { ask, replayAll } from '../demo-open-inference/recordings.ts'

const FIXTURES = new URL('../../../demo/mlflow-scoring/fixtures/', import.meta.url)

const PREDICTIONS: Record<ScoringVersion, number> = { '2.22.5': 2, '3.17.2': 1 }

describe.each(['2.22.5', '3.17.2'] as const)('MLflow scoring stand-in %s', (version) => {
  replayAll(
    new URL(`mlflow-scoring-${version}/`, FIXTURES),
    [
      {
        stage: 'its model loaded',
        start: () => startMlflowScoring({ version, prediction: PREDICTIONS[version] }),
        replays: [
          '01-ping',
          '02-health',
          '03-version',
          '04-invocations-ok',
          '05-invocations-bad-body-400',
          '07-invocations-content-type-415',
          '08-invocations-bad-json',
          '09-invocations-wrong-method-405',
          '10-metrics-404',
          '11-v2-404',
        ],
      },
    ],
    {
      '05-invocations-bad-body-400': { why: 'it holds a Python set, which has no order', normalise: sortSets },
    },
  )
})

describe('MLflow scoring stand-in', () => {
  it('answers one prediction for each row, however the rows are sent', async () => {
    const server = await startMlflowScoring({ version: '3.17.2', prediction: 7 })
    try {
      const predict = async (body: unknown, headers = {}) => {
        return (await ask(server.url, { method: 'POST', path: '/invocations', body, headers })).raw
      }
      expect(await predict({ instances: [[1], [2], [3]] })).toBe('{"predictions": [7, 7, 7]}')
      expect(await predict({ dataframe_records: [{ a: 1 }, { a: 2 }] })).toBe('{"predictions": [7, 7]}')
      expect(await predict('a,b\n1,2\n3,4\n', { 'content-type': 'text/csv' })).toBe('{"predictions": [7, 7]}')
      expect(server.calls.map(({ path }) => path)).toEqual(['/invocations', '/invocations', '/invocations'])
    } finally {
      await server.close()
    }
  })
})

function sortSets(body: unknown): unknown {
  const sorted = JSON.stringify(body).replace(
    /\{('[^}]*')\}/,
    (_, set: string) => `{${set.split(', ').sort().join(', ')}}`,
  )
  return JSON.parse(sorted)
}
