import { startMlflow } from '#demo/mlflow/index.ts'
import { daysAgo, describeMlflowMetrics, EXPERIMENT, measured } from './mlflow-metrics-suite.ts'

for (const version of ['2.22.5', '3.17.2'] as const) {
  describeMlflowMetrics(`the stand-in of MLflow ${version}`, async () => {
    const runs = measured.map(({ days, model, metrics }, i) => ({
      ...{ id: String(i).repeat(32), experimentId: '1', name: `run ${i}`, startedAt: daysAgo(days) },
      ...{ endedAt: daysAgo(days), metrics, ...(model !== undefined && { tags: { model } }) },
    }))
    const experiments = [{ id: '1', name: EXPERIMENT, createdAt: 1 }]
    const { url, close } = await startMlflow({ version, data: { experiments, runs, models: [] } })
    return { url, version, stop: close }
  })
}
