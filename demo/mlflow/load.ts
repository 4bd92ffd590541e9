import type {
  ExperimentSpec,
  LoggedModelSpec,
  MetricSpec,
  MlflowData,
  ModelSpec,
  RunSpec,
  Texts,
  VersionSpec,
} from './spec.ts'
import type { Experiment, LoggedModel, Metric, ModelVersion, RegisteredModel, Run, Store, TextMap } from './store.ts'

/** Puts plain data into a store. Throws when an alias points nowhere or a run's experiment is missing. */
export function load(store: Store, { experiments = [], runs = [], loggedModels = [], models = [] }: MlflowData): void {
  for (const spec of experiments) store.experiments.set(spec.id, experiment(spec))
  for (const spec of runs) {
    if (!store.experiments.has(spec.experimentId)) throw new Error(`Run ${spec.id}: no experiment ${spec.experimentId}`)
    store.runs.set(spec.id, run(spec))
  }
  for (const spec of loggedModels) store.loggedModels.set(spec.id, loggedModel(spec))
  for (const spec of models) {
    store.models.set(spec.name, model(spec))
    for (const { source, storageLocation = source, mlmodel } of spec.versions ?? []) {
      if (mlmodel !== undefined) store.files.set(`${storageLocation}/MLmodel`, mlmodel)
    }
  }
}

function experiment({ id, name, createdAt, updatedAt = createdAt, deleted = false, tags }: ExperimentSpec): Experiment {
  return { id, name, createdAt, updatedAt, deleted, tags: texts(tags) }
}

function run(spec: RunSpec): Run {
  const { id, experimentId, name, user = '', status = 'FINISHED', deleted = false } = spec
  const { startedAt, endedAt, metrics = [], datasets = [], modelOutputs = [] } = spec
  const tags = texts(spec.tags)
  if (!tags.has('mlflow.runName')) tags.set('mlflow.runName', name)
  const listed = isList(metrics)
    ? metrics
    : Object.entries(metrics).map(([key, value]) => ({ key, value, loggedAt: endedAt ?? startedAt }))
  return {
    ...{ id, experimentId, name, user, status, deleted, tags, params: texts(spec.params) },
    ...{ startTime: startedAt, endTime: endedAt, metrics: listed.map(metric), datasets: [...datasets] },
    modelOutputs: modelOutputs.map((modelId) => ({ modelId, step: 0 })),
  }
}

function isList(metrics: NonNullable<RunSpec['metrics']>): metrics is readonly MetricSpec[] {
  return Array.isArray(metrics)
}

function metric({ key, value, loggedAt, step = 0 }: MetricSpec): Metric {
  return { key, value: clamp(value), timestamp: loggedAt, step }
}

/** The SQL store has no infinity: it keeps the largest number instead. */
export function clamp(value: number): number {
  return Number.isNaN(value) ? value : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
}

function loggedModel(spec: LoggedModelSpec): LoggedModel {
  const { id, experimentId, name, type = '', sourceRunId = '', createdAt, updatedAt = createdAt } = spec
  return {
    ...{ id, experimentId, name, type, sourceRunId, createdAt, updatedAt, status: 'LOGGED_MODEL_READY' },
    ...{ tags: texts(spec.tags), params: texts(spec.params) },
    metrics: (spec.metrics ?? []).map(({ key, value, loggedAt, step, ...about }) => ({
      ...metric({ key, value, loggedAt, ...(step === undefined ? {} : { step }) }),
      ...about,
    })),
  }
}

function model(spec: ModelSpec): RegisteredModel {
  const { name, description = '', createdAt } = spec
  const versions = (spec.versions ?? []).map((of, index) => version(name, index + 1, of))
  const { updatedAt = Math.max(createdAt, ...versions.map((of) => of.updatedAt)) } = spec
  const aliases = new Map(Object.entries(spec.aliases ?? {}).map(([alias, number]) => [alias, Number(number)]))
  for (const [alias, number] of aliases) {
    if (!versions[number - 1]) throw new Error(`Model ${name}: alias ${alias} points to version ${number}`)
  }
  return { name, description, createdAt, updatedAt, tags: texts(spec.tags), aliases, versions }
}

function version(name: string, number: number, spec: VersionSpec): ModelVersion {
  const { createdAt, updatedAt = createdAt, stage = 'None', source, storageLocation = source } = spec
  const { runId = '', description = '', status = 'READY' } = spec
  return {
    ...{ name, version: number, createdAt, updatedAt, stage, description, source, storageLocation, runId },
    ...{ runLink: '', status, tags: texts(spec.tags) },
  }
}

function texts(map: Texts = {}): TextMap {
  return new Map(Object.entries(map))
}
