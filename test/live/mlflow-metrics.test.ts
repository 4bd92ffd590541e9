import { daysAgo, describeMlflowMetrics, EXPERIMENT, measured } from '../contract/mlflow-metrics-suite.ts'
import { type MlflowVersion, startRealMlflow } from './servers/mlflow.ts'

/** Logs what monitoring jobs would, by the API that both versions share. */
async function log(url: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { experiment_id: string; run: { info: { run_id: string } } }
  }
  const { experiment_id } = await post('experiments/create', { name: EXPERIMENT })
  for (const { days, model, metrics } of measured) {
    const at = daysAgo(days)
    const tags = model === undefined ? [] : [{ key: 'model', value: model }]
    const { run } = await post('runs/create', { experiment_id, start_time: at, tags })
    const values = Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: at, step: 0 }))
    await post('runs/log-batch', { run_id: run.info.run_id, metrics: values })
  }
}

for (const version of ['2.22.5', '3.17.2'] satisfies MlflowVersion[]) {
  describeMlflowMetrics(`a real MLflow ${version}`, async () => {
    const server = await startRealMlflow(version)
    try {
      await log(server.url)
      return server
    } catch (error) {
      await server.stop()
      throw error
    }
  })
}
