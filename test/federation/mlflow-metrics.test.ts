import { describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const daysAgo = (days: number) => Date.now() - days * 86_400_000
const models = ['loan', 'churn', 'quiet'].map((name) => ({ name, createdAt: 1, versions: [] }))
const measured = (i: number, model: string, days: number, metrics: Record<string, number>) => ({
  ...{ id: String(i).repeat(32), experimentId: '1', name: 'measure', startedAt: daysAgo(days), endedAt: daysAgo(days) },
  ...{ tags: { model }, metrics },
})

const query = `{ models { nodes {
  name monitoring { drift incomplete { source reason } }
  drift { nodes { kind name feature value breached since state } incomplete { source reason } }
} } }`

describe('what monitoring jobs log in MLflow', () => {
  it('is drift of the models that their runs name, in two requests for all of them, and unknown while it is silent', async () => {
    const runs = [
      measured(1, 'loan', 2, { 'psi/income': 0.3, auc: 0.9 }),
      measured(2, 'loan', 1, { 'psi/income': 0.4, auc: 0.9 }),
      measured(3, 'churn', 1, { 'psi/tenure': Number.NaN }),
    ]
    const experiments = [{ id: '1', name: 'monitoring', createdAt: 1 }]
    const mlflow = await startMlflow({ version: '3.17.2', data: { experiments, runs, models } })
    const proxy = await startFaultServer({ target: mlflow.url })
    const signal = { experiment: 'monitoring', threshold: 0.2, worse: 'higher' }
    const graph = await startGraph({
      sources: [
        { id: 'registry', kind: 'mlflow', url: mlflow.url },
        {
          ...{ id: 'jobs', kind: 'mlflow-metrics', url: proxy.url, registry: 'registry' },
          signals: [
            { ...signal, name: 'psi', kind: 'data', metric: 'psi/*' },
            { ...signal, name: 'auc', kind: 'quality', metric: 'auc', worse: 'lower', threshold: 0.8 },
          ],
        },
      ],
      settings: { index: { freshSeconds: 1, staleSeconds: 1 } },
    })
    try {
      const nodes = async () => {
        const { models: found } = await graph.data<Json>(query)
        return Object.fromEntries(found.nodes.map(({ name, ...model }: Json) => [name, model]))
      }
      const { loan, churn, quiet } = await nodes()
      expect(loan.drift.nodes).toMatchObject([
        { kind: 'QUALITY', name: 'auc', feature: null, value: 0.9, breached: false, since: null },
        { kind: 'DATA', name: 'psi', feature: 'income', value: 0.4, breached: true, state: 'MEASURED' },
      ])
      expect(Date.parse(loan.drift.nodes[1].since)).toBe(Math.floor(runs[0]?.startedAt ?? 0))
      expect(loan.monitoring.drift).toBe(true)
      expect(churn.drift.nodes).toMatchObject([{ value: null, breached: null, state: 'NOT_A_NUMBER' }])
      expect(quiet).toEqual({
        ...{ drift: { nodes: [], incomplete: [] }, monitoring: { drift: false, incomplete: expect.anything() } },
      })
      expect(proxy.calls.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
        '/api/2.0/mlflow/experiments/get-by-name',
        '/api/2.0/mlflow/runs/search',
      ])
      await proxy.fault({ kind: 'answer', status: 500 })
      await expect
        .poll(async () => (await nodes()).quiet, { timeout: 10_000, interval: 500 })
        .toMatchObject({
          drift: { nodes: [], incomplete: [{ source: 'jobs', reason: 'DOWN' }] },
          monitoring: { drift: null },
        })
    } finally {
      await graph.close()
      await proxy.close()
      await mlflow.close()
    }
  })
})
