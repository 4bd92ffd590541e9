import type {
  AliasRecord,
  DatasetInputRecord,
  ExperimentRecord,
  LoggedModelRecord,
  MetricRecord,
  ModelRecord,
  RunRecord,
  VersionRecord,
} from '../port.ts'
import type { ModelVersionStatus, RunStatus } from '../schema.generated.ts'
import type { DatasetInput, Experiment, LoggedModel, Metric, ModelVersion, RegisteredModel, Run } from './wire.ts'
import { datasetSchema, datasetSource } from './wire.ts'

const VERSION_STATUS: Readonly<Record<string, ModelVersionStatus>> = {
  READY: 'READY',
  PENDING_REGISTRATION: 'PENDING',
  FAILED_REGISTRATION: 'FAILED',
}

const RUN_STATUS: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

/** Prompts are models with this tag; servers of 2.21 and later leave them out of searches, older ones do not. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt'

/** Models with their versions. `base` is the server's address, for links to its pages. */
export function modelRecords(
  models: readonly RegisteredModel[],
  versions: readonly ModelVersion[],
  base: string,
): ModelRecord[] {
  const same = createInterner()
  const byModel = Map.groupBy(
    unique(versions, ({ name, version }) => JSON.stringify([name, version])),
    ({ name }) => name,
  )
  return unique(models, ({ name }) => name)
    .filter(({ tags }) => !tags.some(({ key, value }) => key === PROMPT_TAG && value === 'true'))
    .map((model) => {
      const { name, description, tags, creation_timestamp: createdAt, last_updated_timestamp: updatedAt } = model
      const page = `${base}/#/models/${encodeURIComponent(name)}`
      const own = (byModel.get(name) ?? []).map((version) => versionRecord(version, page, same)).sort(newestFirst)
      const aliases = model.aliases.map(({ alias, version }): AliasRecord => ({ name: alias, version }))
      return { name, description, tags, createdAt, updatedAt, aliases, versions: own, webUrl: page }
    })
}

function versionRecord(version: ModelVersion, page: string, same: (text: string) => string): VersionRecord {
  const { version: number, status, current_stage: stage, model_id: modelId, source } = version
  return {
    version: number,
    status: VERSION_STATUS[status ?? ''] ?? 'UNKNOWN',
    statusMessage: version.status_message,
    stage: stage === 'None' ? null : stage,
    description: version.description,
    tags: version.tags.map((tag) => ({ ...tag, key: same(tag.key) })),
    createdAt: version.creation_timestamp,
    updatedAt: version.last_updated_timestamp,
    createdBy: version.user_id && same(version.user_id),
    artifactUri: source,
    runId: version.run_id,
    loggedModelId: modelId ?? loggedModelIn(source),
    webUrl: `${page}/versions/${encodeURIComponent(number)}`,
  }
}

/** Gives the same text for equal ones: a parser makes a new one for each place, and versions repeat a few of them. */
function createInterner(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const one = known.get(text) ?? text
    known.set(one, one)
    return one
  }
}

/** A version made from a logged model names it in its source; the field for it is missing from searches of 3.17.2. */
function loggedModelIn(source: string | null): string | null {
  return source === null ? null : (/^models:\/(m-[0-9a-f]+)$/.exec(source)?.[1] ?? null)
}

/** Versions are numbers written as text: 10 is newer than 9. */
function newestFirst(a: VersionRecord, b: VersionRecord): number {
  return Number(b.version) - Number(a.version)
}

/** A run; `experiments` are all that the server has, by id. */
export function runRecord(run: Run, experiments: ReadonlyMap<string, Experiment>, base: string): RunRecord {
  const { info, data, inputs } = run
  const tag = new Map(data.tags.map(({ key, value }) => [key, value || null]))
  const experiment = experimentRecord(info.experiment_id, experiments.get(info.experiment_id))
  return {
    runId: info.run_id,
    name: info.run_name ?? tag.get('mlflow.runName') ?? null,
    experiment,
    status: RUN_STATUS.find((status) => status === info.status) ?? 'UNKNOWN',
    // A run keeps its own mark when its experiment is deleted.
    deleted: info.lifecycle_stage === 'deleted' || experiment.deleted === true,
    startedAt: info.start_time,
    endedAt: info.end_time,
    user: tag.get('mlflow.user') ?? info.user_id,
    parentRunId: tag.get('mlflow.parentRunId') ?? null,
    parameters: data.params,
    metrics: data.metrics.map(metricRecord),
    tags: data.tags,
    inputs: inputs.dataset_inputs.map(datasetInputRecord),
    entryPoint: tag.get('mlflow.source.name') ?? null,
    startedFrom: tag.get('mlflow.source.type') ?? null,
    webUrl: `${base}/#/experiments/${encodeURIComponent(info.experiment_id)}/runs/${encodeURIComponent(info.run_id)}`,
  }
}

function experimentRecord(experimentId: string, known: Experiment | undefined): ExperimentRecord {
  const stage = known?.lifecycle_stage ?? null
  return { experimentId, name: known?.name ?? null, deleted: stage === null ? null : stage === 'deleted' }
}

/** A logged model. Where a metric of it is NaN, 3.17.2 writes 0 here and NaN on the run. */
export function loggedModelRecord({ info, data }: LoggedModel): LoggedModelRecord {
  return { loggedModelId: info.model_id, parameters: data.params, metrics: data.metrics.map(metricRecord) }
}

function metricRecord({ key, value, timestamp, step, model_id, dataset_name }: Metric): MetricRecord {
  return { name: key, value, step: step ?? null, recordedAt: timestamp, dataset: dataset_name, loggedModelId: model_id }
}

function datasetInputRecord({ dataset, tags }: DatasetInput): DatasetInputRecord {
  const columns = readJson(dataset.schema, datasetSchema)?.mlflow_colspec
  return {
    name: dataset.name,
    context: tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? null,
    digest: dataset.digest,
    location: locationOf(dataset),
    columns: columns?.flatMap(({ name }) => (name === undefined ? [] : [name])) ?? null,
  }
}

/** Where a dataset was read: an address, a path, or the name of a table where that is all that was recorded. */
function locationOf({ source, source_type: type }: DatasetInput['dataset']): string | null {
  const read = readJson(source, datasetSource)
  if (!read) return null
  // The Hub names datasets by owner and name; this is their address there.
  if (type === 'hugging_face' && read.path) return `https://huggingface.co/datasets/${read.path}`
  return read.uri || read.url || read.path || read.delta_table_name || read.table_name || null
}

/** JSON within a text that whoever logged it may have written as they liked: what does not parse is not recorded. */
function readJson<T>(text: string | null, schema: { safeParse(value: unknown): { data?: T } }): T | undefined {
  try {
    return text === null ? undefined : schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Pages overlap when rows are written between them; the first of each stays. */
function unique<T>(rows: readonly T[], key: (row: T) => string): T[] {
  const seen = new Set<string>()
  return rows.filter((row) => !seen.has(key(row)) && seen.add(key(row)))
}
