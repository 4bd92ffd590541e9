import type { DatasetInputSpec } from '../spec.ts'
import { artifactLocation, type Experiment, type Metric, type Run } from '../store.ts'
import { isMlflow3, type MlflowVersion } from '../version.ts'
import { listField, pairsField } from './pairs.ts'

/** An experiment as MLflow sends it. */
export function showExperiment(experiment: Experiment, version: MlflowVersion): object {
  return {
    experiment_id: experiment.id,
    name: experiment.name,
    artifact_location: artifactLocation(experiment.id),
    lifecycle_stage: experiment.deleted ? 'deleted' : 'active',
    last_update_time: experiment.updatedAt,
    creation_time: experiment.createdAt,
    ...pairsField('tags', experiment.tags),
    ...(isMlflow3(version) ? { workspace: 'default' } : {}),
  }
}

/** A run as MLflow sends it: `inputs` always, in MLflow 3 `outputs` too. */
export function showRun(run: Run, version: MlflowVersion): object {
  const outputs = run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step }))
  return {
    info: showRunInfo(run),
    data: {
      ...listField('metrics', latestMetrics(run).map(showMetric)),
      ...pairsField('params', run.params),
      ...pairsField('tags', run.tags),
    },
    inputs: listField('dataset_inputs', run.datasets.map(showDatasetInput)),
    ...(isMlflow3(version) ? { outputs: listField('model_outputs', outputs) } : {}),
  }
}

export function showRunInfo(run: Run): object {
  return {
    run_uuid: run.id,
    experiment_id: run.experimentId,
    run_name: run.name,
    user_id: run.user,
    status: run.status,
    start_time: run.startTime,
    ...(run.endTime === undefined ? {} : { end_time: run.endTime }),
    artifact_uri: runArtifacts(run),
    lifecycle_stage: run.deleted ? 'deleted' : 'active',
    run_id: run.id,
  }
}

export function runArtifacts(run: Run): string {
  return `${artifactLocation(run.experimentId)}/${run.id}/artifacts`
}

/** JSON has no NaN: protobuf writes it as text. */
export function showMetric({ key, value, timestamp, step }: Metric): object {
  return { key, value: Number.isNaN(value) ? 'NaN' : value, timestamp, step }
}

/** The last value of each key: by step, then time, then value. */
export function latestMetrics({ metrics }: Run): readonly Metric[] {
  const latest = new Map<string, Metric>()
  for (const metric of metrics) {
    const other = latest.get(metric.key)
    if (!other || isLater(metric, other)) latest.set(metric.key, metric)
  }
  return [...latest.values()]
}

function isLater(a: Metric, b: Metric): boolean {
  if (a.step !== b.step) return a.step > b.step
  return a.timestamp === b.timestamp ? a.value > b.value : a.timestamp > b.timestamp
}

function showDatasetInput({ name, digest, sourceType, source, schema, profile, tags = {} }: DatasetInputSpec): object {
  return {
    ...pairsField('tags', new Map(Object.entries(tags))),
    dataset: {
      ...{ name, digest, source_type: sourceType, source },
      ...(schema === undefined ? {} : { schema }),
      ...(profile === undefined ? {} : { profile }),
    },
  }
}
