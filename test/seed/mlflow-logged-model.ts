import { type MlflowApi, pairs } from './mlflow-api.ts'
import type { SeededLoggedModel, SeededRun } from './mlflow-types.ts'

/** Logs a model of MLflow 3 from a run, with metrics of its own on one of the run's datasets. */
export async function createLoggedModel(api: MlflowApi, run: SeededRun): Promise<SeededLoggedModel> {
  const [dataset] = run.datasets
  if (!dataset) throw new Error(`Run "${run.name}" has no dataset to evaluate a logged model on`)
  const name = 'churn-model'
  const params = { depth: '6', 'learning rate': '0.01' }
  const created = await api.send<{ model: { info: { model_id: string } } }>('POST', 'logged-models', {
    ...{ experiment_id: run.experimentId, name, model_type: 'classifier', source_run_id: run.runId },
    params: pairs(params),
    tags: pairs({ reviewed: 'yes' }),
  })
  const modelId = created.model.info.model_id
  const { name: datasetName, digest: datasetDigest } = dataset
  const metrics = [
    { key: 'eval_auc', value: 0.907, datasetName, datasetDigest },
    { key: 'eval_recall', value: 0.61, datasetName, datasetDigest },
  ]
  await api.send('POST', 'runs/log-batch', {
    run_id: run.runId,
    metrics: metrics.map(({ key, value }) => ({
      ...{ key, value, timestamp: run.endTime, step: 0 },
      ...{ model_id: modelId, dataset_name: datasetName, dataset_digest: datasetDigest },
    })),
  })
  const finished = { model_id: modelId, status: 'LOGGED_MODEL_READY' }
  await api.send('PATCH', `logged-models/${modelId}`, finished)
  await api.send('POST', 'runs/outputs', { run_id: run.runId, models: [{ model_id: modelId, step: 0 }] })
  return { modelId, name, sourceRunId: run.runId, params, metrics }
}
