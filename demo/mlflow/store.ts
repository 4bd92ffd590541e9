import type { DatasetInputSpec, RunStatus, Stage, VersionSpec } from './spec.ts'
import type { MlflowVersion } from './version.ts'

/** Tags, params and aliases: a map, since `__proto__` is a name like any other. Insertion order is MLflow's. */
export type TextMap = Map<string, string>

export interface Experiment {
  id: string
  name: string
  createdAt: number
  updatedAt: number
  deleted: boolean
  tags: TextMap
}

export interface Metric {
  key: string
  value: number
  timestamp: number
  step: number
}

export interface Run {
  id: string
  experimentId: string
  name: string
  user: string
  status: RunStatus
  startTime: number
  endTime: number | undefined
  deleted: boolean
  tags: TextMap
  params: TextMap
  /** Every value ever logged, in order of arrival. */
  metrics: Metric[]
  datasets: DatasetInputSpec[]
  modelOutputs: { modelId: string; step: number }[]
}

export interface LoggedModelMetric extends Metric {
  runId: string
  datasetName?: string
  datasetDigest?: string
}

export interface LoggedModel {
  id: string
  experimentId: string
  name: string
  type: string
  sourceRunId: string
  createdAt: number
  updatedAt: number
  status: 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED'
  tags: TextMap
  params: TextMap
  metrics: LoggedModelMetric[]
}

export interface ModelVersion {
  name: string
  version: number
  createdAt: number
  updatedAt: number
  stage: Stage
  description: string
  source: string
  /** What `get-download-uri` answers. */
  storageLocation: string
  runId: string
  runLink: string
  status: NonNullable<VersionSpec['status']>
  tags: TextMap
}

export interface RegisteredModel {
  name: string
  createdAt: number
  updatedAt: number
  description: string
  tags: TextMap
  aliases: Map<string, number>
  /** In ascending order. */
  versions: ModelVersion[]
}

/** Everything a server holds. */
export interface Store {
  version: MlflowVersion
  /** Milliseconds since 1970. */
  now(): number
  experiments: Map<string, Experiment>
  runs: Map<string, Run>
  loggedModels: Map<string, LoggedModel>
  models: Map<string, RegisteredModel>
  /** Artifacts by their URI. */
  files: Map<string, string>
}

/** A store as a new server has it: with the experiment "Default". */
export function createStore(version: MlflowVersion, now: () => number): Store {
  const createdAt = now()
  const byDefault = { id: '0', name: 'Default', createdAt, updatedAt: createdAt, deleted: false, tags: new Map() }
  return {
    version,
    now,
    experiments: new Map([['0', byDefault]]),
    runs: new Map(),
    loggedModels: new Map(),
    models: new Map(),
    files: new Map(),
  }
}

/** Where the server keeps the files of an experiment, below which it keeps those of runs and logged models. */
export function artifactLocation(experimentId: string): string {
  return `mlflow-artifacts:/${experimentId}`
}

/** Prompts are models with a tag; MLflow shows them only to who asks for them. */
export function isPrompt({ tags }: { tags: TextMap }): boolean {
  return tags.get('mlflow.prompt.is_prompt') === 'true'
}
