import { type MlflowApi, pairs } from './mlflow-api.ts'
import type { SeededDataset, SeededExperiment, SeededRun, SeededRuns } from './mlflow-types.ts'

/** What is said of a run; the rest has defaults. */
export type RunPlan = Pick<SeededRun, 'name'> & Partial<Omit<SeededRun, 'runId' | 'experimentId' | 'deleted'>>

const day = 24 * 60 * 60 * 1000
const start = Date.UTC(2026, 0, 5, 2, 0, 0)

export async function createExperiment(api: MlflowApi, name: string): Promise<SeededExperiment> {
  const { experiment_id } = await api.send<{ experiment_id: string }>('POST', 'experiments/create', { name })
  return { experimentId: experiment_id, name }
}

/** Writes one finished run with everything it logged. */
export async function createRun(api: MlflowApi, experimentId: string, plan: RunPlan): Promise<SeededRun> {
  const { name, status = 'FINISHED', startTime = start, endTime = startTime + 90_000, user = 'risk-models' } = plan
  const { parentRunId = null, params = {}, metrics = {}, datasets = [] } = plan
  const tags = {
    'mlflow.user': user,
    ...(parentRunId === null ? {} : { 'mlflow.parentRunId': parentRunId }),
    ...plan.tags,
  }
  const created = await api.send<{ run: { info: { run_id: string } } }>('POST', 'runs/create', {
    ...{ experiment_id: experimentId, run_name: name, start_time: startTime, user_id: user, tags: pairs(tags) },
  })
  const runId = created.run.info.run_id
  await api.send('POST', 'runs/log-batch', {
    run_id: runId,
    params: pairs(params),
    // JSON has no NaN and no infinity: MLflow reads them from text, as protobuf does.
    metrics: Object.entries(metrics).map(([key, value]) => ({
      ...{ key, value: Number.isFinite(value) ? value : String(value), timestamp: endTime, step: 0 },
    })),
  })
  if (datasets.length > 0) {
    await api.send('POST', 'runs/log-inputs', { run_id: runId, datasets: datasets.map(datasetInput) })
  }
  await api.send('POST', 'runs/update', { run_id: runId, status, end_time: endTime })
  const found = Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, clamp(value)]))
  return {
    ...{ runId, experimentId, name, status, startTime, endTime, user, parentRunId, params, metrics: found, datasets },
    tags: { ...tags, 'mlflow.runName': name },
    deleted: false,
  }
}

/** What MLflow's SQL store makes of an infinity. */
function clamp(value: number): number {
  return Number.isNaN(value) ? value : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
}

function datasetInput({ name, digest, sourceType, source, schema, profile, context }: SeededDataset): object {
  return {
    tags: [{ key: 'mlflow.data.context', value: context }],
    dataset: { name, digest, source_type: sourceType, source, schema, profile },
  }
}

/** The runs of the seeded registry, two of them deleted in the two ways there are. */
export async function createRuns(
  api: MlflowApi,
  training: SeededExperiment,
  deleted: SeededExperiment,
): Promise<SeededRuns> {
  const parent = await createRun(api, training.experimentId, { name: 'nightly sweep', params: { trials: '20' } })
  const runs: SeededRuns = {
    parent,
    training: await createRun(api, training.experimentId, trainingPlan(parent.runId)),
    laptop: await createRun(api, training.experimentId, {
      ...{ name: 'laptop try', status: 'FAILED', startTime: start + 2 * day, user: 'pricing' },
      tags: { 'mlflow.source.type': 'LOCAL', 'mlflow.source.name': 'train.py' },
      params: { alpha: '0.5' },
    }),
    deleted: await createRun(api, training.experimentId, { name: 'deleted run', metrics: { auc: 0.5 } }),
    inDeletedExperiment: await createRun(api, deleted.experimentId, { name: 'run of a deleted experiment' }),
  }
  await api.send('POST', 'runs/delete', { run_id: runs.deleted.runId })
  await api.send('POST', 'experiments/delete', { experiment_id: deleted.experimentId })
  const gone = { deleted: true }
  return {
    ...runs,
    deleted: { ...runs.deleted, ...gone },
    inDeletedExperiment: { ...runs.inDeletedExperiment, ...gone },
  }
}

function trainingPlan(parentRunId: string): RunPlan {
  return {
    ...{ name: 'train churn', startTime: start + day, parentRunId },
    params: { 'learning rate': '0.01', depth: '6', 'features/used': 'tenure,plan,calls', note: 'ünïcode' },
    metrics: {
      ...{ auc: 0.913, 'f1 score': 0.5, loss: -0.25, big: 1e300, whole: 3 },
      ...{ psi: Number.NaN, worst: Number.POSITIVE_INFINITY, best: Number.NEGATIVE_INFINITY },
    },
    tags: {
      'mlflow.source.type': 'JOB',
      'mlflow.source.name': 'pipelines/churn.py',
      'mlflow.source.git.commit': '9f1c2d3e4b5a69788796a5b4c3d2e1f001122334',
      'mlflow.source.git.branch': 'main',
      'mlflow.source.git.repoURL': 'https://git.example.com/risk/churn.git',
      'team note': 'quarterly retraining',
    },
    datasets: [
      {
        ...{ name: 'warehouse.customers', digest: '1a2b3c4d', context: 'training', sourceType: 's3' },
        source: '{"uri": "s3://warehouse/customers/2026-01-04/part-0.parquet"}',
        schema: '{"mlflow_colspec": [{"type": "double", "name": "tenure", "required": true}]}',
        profile: '{"num_rows": 120000, "num_elements": 480000}',
      },
      {
        ...{ name: 'customers holdout', digest: '5e6f7a8b', context: 'validation', sourceType: 'http' },
        source: '{"url": "https://data.example.com/holdout.csv"}',
        schema: '{"mlflow_colspec": [{"type": "double", "name": "tenure", "required": true}]}',
        profile: '{"num_rows": 8000}',
      },
    ],
  }
}
