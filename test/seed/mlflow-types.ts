/** What was put into an MLflow, as a reader of its API should find it again. Plain data: it can be sent to a worker. */
export type SeededMlflow = {
  /** Of the server: "2.22.5". */
  version: string
  experiments: { training: SeededExperiment; deleted: SeededExperiment }
  runs: SeededRuns
  /** In the order they were made; prompts are not among them. */
  models: SeededModel[]
  /** A prompt: MLflow keeps it in the table of models, and it must not be shown as one. */
  prompt: { name: string }
  /** MLflow 3 only; null on 2.x, which has no logged models. */
  loggedModel: SeededLoggedModel | null
  /** The versions whose MLmodel file `GET /model-versions/get-artifact` answers. */
  mlmodels: SeededMlmodel[]
}

export type SeededExperiment = { experimentId: string; name: string }

export type SeededRuns = {
  /** Its child is `training`. */
  parent: SeededRun
  /** Behind the champion of `churn-scorer`: parameters, metrics, tags, datasets. */
  training: SeededRun
  /** Failed, trained from a laptop: no commit, no dataset. */
  laptop: SeededRun
  /** Deleted by itself; a version names it. */
  deleted: SeededRun
  /** Its experiment was deleted; a version names it. */
  inDeletedExperiment: SeededRun
}

export type SeededRun = {
  runId: string
  experimentId: string
  name: string
  status: 'FINISHED' | 'FAILED'
  /** Milliseconds since 1970. */
  startTime: number
  /** Milliseconds since 1970. */
  endTime: number
  user: string
  parentRunId: string | null
  params: Record<string, string>
  /** Latest value per key, as a reader should report it: MLflow's SQL store clamps ±Infinity to ±`Number.MAX_VALUE`. */
  metrics: Record<string, number>
  /** All tags that were set, MLflow's own included. */
  tags: Record<string, string>
  datasets: SeededDataset[]
  deleted: boolean
}

export type SeededDataset = {
  name: string
  digest: string
  sourceType: string
  /** JSON text, whose form depends on `sourceType`. */
  source: string
  /** JSON text. */
  schema: string
  /** JSON text. */
  profile: string
  /** Tag `mlflow.data.context` of the input: "training". */
  context: string
}

type Stage = 'None' | 'Staging' | 'Production' | 'Archived'

export type SeededModel = {
  name: string
  description: string | null
  tags: Record<string, string>
  /** Alias → version. */
  aliases: Record<string, string>
  versions: SeededVersion[]
}

export type SeededVersion = {
  version: string
  source: string
  /** May name a run that is deleted, or that never was. */
  runId: string | null
  /** MLflow 3: the logged model it was made from. */
  modelId: string | null
  stage: Stage
  description: string | null
  tags: Record<string, string>
}

export type SeededLoggedModel = {
  modelId: string
  name: string
  sourceRunId: string
  params: Record<string, string>
  metrics: { key: string; value: number; datasetName: string; datasetDigest: string }[]
}

/** The description file of one model version. */
export type SeededMlmodel = {
  /** Of the registered model. */
  name: string
  version: string
  /** YAML. */
  text: string
  flavors: string[]
  signature: { inputs: SeededTensor[]; outputs: SeededTensor[] }
}

/** An input or output in the graph's vocabulary, that of the Open Inference Protocol. */
export type SeededTensor = {
  name: string | null
  dataType: 'FP64' | 'INT64' | 'BYTES'
  shape: number[] | null
  optional: boolean | null
}

/** The seeded model of this name. */
export function seededModel(seeded: SeededMlflow, name: string): SeededModel {
  const model = seeded.models.find((candidate) => candidate.name === name)
  if (!model) throw new Error(`No model "${name}" was seeded into MLflow ${seeded.version}`)
  return model
}
