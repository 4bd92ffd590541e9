import { z } from 'zod'

/**
 * What is read of MLflow's REST API: `/api/2.0/mlflow`, seen on 2.22.5 and 3.17.2, protos model_registry.proto and
 * service.proto. Absent fields and `""` mean the same, and empty lists are left out.
 */
const list = <T extends z.ZodType>(item: T) => z.array(item).default([])
const text = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? null : value))
/** Milliseconds since 1970; 0 is written where nobody gave one. */
const time = z
  .number()
  .optional()
  .transform((value) => (value === undefined || value === 0 ? null : value))
const pair = z.object({ key: z.string(), value: z.string().optional() })
const tags = list(pair)

const alias = z.object({ alias: z.string(), version: z.string() })

const registeredModel = z.object({
  name: z.string(),
  description: text,
  creation_timestamp: time,
  last_updated_timestamp: time,
  tags,
  aliases: list(alias),
})

const modelVersion = z.object({
  name: z.string(),
  version: z.string(),
  creation_timestamp: time,
  last_updated_timestamp: time,
  user_id: text,
  current_stage: text,
  description: text,
  source: text,
  run_id: text,
  model_id: text,
  status: text,
  status_message: text,
  tags,
})

const metric = z.object({
  key: z.string(),
  // JSON has no NaN: MLflow writes "NaN" and "Infinity", as protobuf does.
  value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]),
  timestamp: time,
  step: z.number().optional(),
  model_id: text,
  dataset_name: text,
})

const datasetInput = z.object({
  tags,
  dataset: z.object({ name: z.string(), digest: text, source_type: text, source: text, schema: text }),
})

const run = z.object({
  info: z.object({
    run_id: z.string(),
    run_name: text,
    experiment_id: z.string(),
    user_id: text,
    status: text,
    start_time: time,
    end_time: time,
    lifecycle_stage: text,
  }),
  data: z.object({ metrics: list(metric), params: list(pair), tags }).prefault({}),
  inputs: z.object({ dataset_inputs: list(datasetInput) }).prefault({}),
})

const experiment = z.object({ experiment_id: z.string(), name: text, lifecycle_stage: text })

const loggedModel = z.object({
  info: z.object({ model_id: z.string() }),
  data: z.object({ params: list(pair), metrics: list(metric) }).prefault({}),
})

const token = { next_page_token: text }

/** One page each. */
export const pages = {
  registeredModels: z.object({ registered_models: list(registeredModel), ...token }),
  modelVersions: z.object({ model_versions: list(modelVersion), ...token }),
  runs: z.object({ runs: list(run), ...token }),
  experiments: z.object({ experiments: list(experiment), ...token }),
  loggedModels: z.object({ models: list(loggedModel), ...token }),
}

export type RegisteredModel = z.output<typeof registeredModel>
export type ModelVersion = z.output<typeof modelVersion>
export type Run = z.output<typeof run>
export type Experiment = z.output<typeof experiment>
export type LoggedModel = z.output<typeof loggedModel>
export type Metric = z.output<typeof metric>
export type DatasetInput = z.output<typeof datasetInput>

/** The dataset's place: `{"uri"}` (local, s3, …), `{"url"}` (http), `{"path"}` or the name of a table (delta, spark), `{"path"}` (Hugging Face). */
export const datasetSource = z.object({
  uri: z.string().nullish(),
  url: z.string().nullish(),
  path: z.string().nullish(),
  delta_table_name: z.string().nullish(),
  table_name: z.string().nullish(),
})

/** `{"mlflow_colspec": […]}` of tables; tensors have no columns. */
export const datasetSchema = z.object({ mlflow_colspec: z.array(z.object({ name: z.string().optional() })).optional() })

/** The MLmodel file, YAML, in which each side of the signature is JSON text. */
export const mlmodelFile = z.object({
  flavors: z.record(z.string(), z.unknown()).default({}),
  signature: z.object({ inputs: z.string().nullish(), outputs: z.string().nullish() }).nullish(),
})

/** A side of a signature: columns, or tensors. */
export const signatureSide = z.array(
  z.object({
    type: z.unknown(),
    name: z.string().optional(),
    required: z.boolean().optional(),
    'tensor-spec': z.object({ dtype: z.string(), shape: z.array(z.number()) }).optional(),
  }),
)
