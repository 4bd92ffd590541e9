import { artifactLocation, type LoggedModel, type LoggedModelMetric } from '../store.ts'
import { listField, sortedPairsField } from './pairs.ts'

/** A logged model as MLflow 3 sends it. */
export function showLoggedModel(model: LoggedModel): object {
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: loggedModelArtifacts(model),
      status: model.status,
      model_type: model.type,
      source_run_id: model.sourceRunId,
      ...sortedPairsField('tags', model.tags),
    },
    data: {
      ...sortedPairsField('params', model.params),
      ...listField(
        'metrics',
        model.metrics.map((metric) => showMetric(model, metric)),
      ),
    },
  }
}

export function loggedModelArtifacts({ experimentId, id }: LoggedModel): string {
  return `${artifactLocation(experimentId)}/models/${id}/artifacts`
}

/** Unlike a run's, a logged model's NaN is told as 0. */
function showMetric({ id }: LoggedModel, metric: LoggedModelMetric): object {
  const { key, value, timestamp, step, runId, datasetName, datasetDigest } = metric
  return {
    ...{ key, value: Number.isNaN(value) ? 0 : value, timestamp, step, model_id: id },
    ...(datasetName === undefined ? {} : { dataset_name: datasetName }),
    ...(datasetDigest === undefined ? {} : { dataset_digest: datasetDigest }),
    run_id: runId,
  }
}
