import { type Arguments, lacking, objectList, pairs, requiredText, text } from '../arguments.ts'
import { findActiveRun, findLoggedModel } from '../find.ts'
import { clamp } from '../load.ts'
import type { Route } from '../route.ts'
import type { DatasetInputSpec } from '../spec.ts'
import type { Run, Store } from '../store.ts'

/** What writes to a run. */
export const logging: readonly Route[] = [
  { method: 'POST', path: 'runs/log-batch', answer: logBatch },
  {
    method: 'POST',
    path: 'runs/set-tag',
    answer: (store, args) => {
      const [id, key] = [requiredText(args, 'run_id'), requiredText(args, 'key')]
      findActiveRun(store, id).tags.set(key, text(args, 'value') ?? '')
      return {}
    },
  },
  {
    method: 'POST',
    path: 'runs/log-inputs',
    answer: (store, args) => {
      const datasets = objectList<WireDatasetInput>(args, 'datasets').map(datasetInput)
      findActiveRun(store, requiredText(args, 'run_id')).datasets.push(...datasets)
      return {}
    },
  },
  {
    method: 'POST',
    path: 'runs/outputs',
    mlflow3: true,
    answer: (store, args) => {
      const models = objectList<{ model_id: string; step?: number }>(args, 'models')
      const outputs = models.map(({ model_id, step = 0 }) => ({ modelId: model_id, step }))
      findActiveRun(store, requiredText(args, 'run_id')).modelOutputs.push(...outputs)
      return {}
    },
  },
]

interface WireMetric {
  key: string
  /** NaN and the infinities come as text. */
  value: number | string
  timestamp: number | string
  step?: number | string
  model_id?: string
  dataset_name?: string
  dataset_digest?: string
}

function logBatch(store: Store, args: Arguments): object {
  const metrics = objectList<WireMetric>(args, 'metrics')
  const id = requiredText(args, 'run_id')
  for (const [index, metric] of metrics.entries()) {
    for (const field of ['key', 'value', 'timestamp'] as const) {
      if (metric[field] === undefined || metric[field] === '') lacking(`metrics[${index}].${field}`)
    }
  }
  const [params, tags] = [pairs(args, 'params'), pairs(args, 'tags')]
  const run = findActiveRun(store, id)
  for (const metric of metrics) logMetric(store, run, metric)
  for (const [key, value] of params) run.params.set(key, value)
  for (const [key, value] of tags) run.tags.set(key, value)
  return {}
}

function logMetric(store: Store, run: Run, wire: WireMetric): void {
  const { key, value, timestamp, step = 0, model_id, dataset_name, dataset_digest } = wire
  const metric = { key, value: clamp(Number(value)), timestamp: Number(timestamp), step: Number(step) }
  // The same value logged twice is one.
  if (run.metrics.some((other) => isSame(other, metric))) return
  run.metrics.push(metric)
  if (!model_id) return
  findLoggedModel(store, model_id).metrics.push({
    ...{ ...metric, runId: run.id },
    ...(dataset_name ? { datasetName: dataset_name } : {}),
    ...(dataset_digest ? { datasetDigest: dataset_digest } : {}),
  })
}

function isSame(a: Run['metrics'][number], b: Run['metrics'][number]): boolean {
  return a.key === b.key && a.timestamp === b.timestamp && a.step === b.step && Object.is(a.value, b.value)
}

interface WireDatasetInput {
  tags?: { key: string; value: string }[]
  dataset: { name: string; digest: string; source_type: string; source: string; schema?: string; profile?: string }
}

function datasetInput({ tags = [], dataset }: WireDatasetInput): DatasetInputSpec {
  const { source_type, ...rest } = dataset
  return { ...rest, sourceType: source_type, tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) }
}
