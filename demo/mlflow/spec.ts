/** What a server holds when it starts, as plain data. All times are milliseconds since 1970. */
export interface MlflowData {
  /** Besides "Default", whose id is 0. */
  experiments?: readonly ExperimentSpec[]
  runs?: readonly RunSpec[]
  /** MLflow 3 only. */
  loggedModels?: readonly LoggedModelSpec[]
  models?: readonly ModelSpec[]
}

/** MLflow's `{ key, value }` lists as a map. */
export type Texts = Readonly<Record<string, string>>

export interface ExperimentSpec {
  /** A number: MLflow counts them from 0. */
  id: string
  name: string
  createdAt: number
  /** When absent, `createdAt`. */
  updatedAt?: number
  deleted?: boolean
  tags?: Texts
}

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'

export interface RunSpec {
  /** 32 lowercase hexadecimal digits, as MLflow makes them. */
  id: string
  experimentId: string
  name: string
  /** `user_id`, which MLflow keeps beside the tag `mlflow.user`. */
  user?: string
  /** FINISHED when absent. */
  status?: RunStatus
  startedAt: number
  /** Absent: still running, or never told. */
  endedAt?: number
  deleted?: boolean
  /** `mlflow.runName` is added when it is not there. */
  tags?: Texts
  params?: Texts
  /** Every logged value; or the one value of each key, logged when the run ended. */
  metrics?: readonly MetricSpec[] | Readonly<Record<string, number>>
  datasets?: readonly DatasetInputSpec[]
  /** Ids of the logged models that it made. MLflow 3 only. */
  modelOutputs?: readonly string[]
}

export interface MetricSpec {
  key: string
  /** May be NaN. */
  value: number
  loggedAt: number
  /** 0 when absent. */
  step?: number
}

export interface DatasetInputSpec {
  name: string
  digest: string
  /** `s3`, `http`, `local`, `delta_table`, … */
  sourceType: string
  /** JSON text, whose form depends on `sourceType`. */
  source: string
  /** JSON text. */
  schema?: string
  /** JSON text. */
  profile?: string
  /** Of the input, not of the dataset. */
  tags?: Texts
}

export interface LoggedModelSpec {
  /** `m-` and 32 lowercase hexadecimal digits. */
  id: string
  experimentId: string
  name: string
  type?: string
  sourceRunId?: string
  createdAt: number
  /** When absent, `createdAt`. */
  updatedAt?: number
  tags?: Texts
  params?: Texts
  metrics?: readonly (MetricSpec & { runId: string; datasetName?: string; datasetDigest?: string })[]
}

export type Stage = 'None' | 'Staging' | 'Production' | 'Archived'

export interface ModelSpec {
  name: string
  description?: string
  createdAt: number
  /** When absent, the latest creation or change among model and versions. */
  updatedAt?: number
  tags?: Texts
  /** Alias → version. */
  aliases?: Texts
  /** Numbered from 1, in this order. */
  versions?: readonly VersionSpec[]
}

export interface VersionSpec {
  createdAt: number
  /** When absent, `createdAt`. */
  updatedAt?: number
  /** None when absent. */
  stage?: Stage
  source: string
  /** Where its files are, when that is not `source`. */
  storageLocation?: string
  /** May name a run that does not exist. */
  runId?: string
  description?: string
  /** READY when absent. */
  status?: 'READY' | 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION'
  tags?: Texts
  /** Text of the file `MLmodel` among the version's artifacts; absent: there are no files. */
  mlmodel?: string
}
