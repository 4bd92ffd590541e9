import { z } from 'zod'

/**
 * What is read of the Open Inference Protocol v2 and its model repository extension, as MLServer 1.7.1, Triton 2.51.0 and
 * KServe's server 0.21.0 answer it. `reason` of the index is only looked at, never shown: it holds tracebacks and paths.
 */
const text = z
  .string()
  .nullish()
  .transform((value) => (value ? value : null))

/** A value that somebody put beside the model. */
const value = z
  .union([z.string(), z.int()])
  .transform((given) => String(given).trim())
  .pipe(z.string().min(1).max(500))

const tensor = z.object({
  name: text,
  datatype: z.string(),
  // The graph's integers have 32 bits.
  shape: z.array(z.int32()).nullable().catch(null),
})

/** `GET /v2` */
export const serverMetadata = z.object({ name: z.string(), version: text, extensions: z.array(z.string()).nullish() })

/** `POST /v2/repository/index` */
export const repositoryIndex = z.array(z.object({ name: z.string(), version: text, state: text, reason: text }))

/** What people put beside a model to say which one of MLflow it is; what is no short text or number says nothing. */
const identityOf = <T extends z.ZodType<string>>(given: T) => {
  const said = given.nullable().catch(null)
  return z.object({
    mlflow_model: said,
    mlflow_model_name: said,
    mlflow_version: said,
    mlflow_model_version: said,
    mlflow_run_id: said,
    mlflow_model_id: said,
    mlflow_model_uri: said,
  })
}

const identity = identityOf(value)
const tritonIdentity = identityOf(z.object({ string_value: value }).transform(({ string_value }) => string_value))

/** `GET /v2/models/{name}`, also below `/versions/{version}` */
export const modelMetadata = z.object({
  platform: text,
  /** Triton lists those that are ready. */
  versions: z.array(z.string()).nullish(),
  inputs: z.array(tensor).nullish(),
  outputs: z.array(tensor).nullish(),
  parameters: identity.nullable().catch(null),
})

/** `GET /v2/models/{name}/config` of Triton: one for all versions. */
export const modelConfig = z.object({
  input: z.array(z.object({ name: z.string(), optional: z.boolean() })).catch([]),
  parameters: tritonIdentity.nullable().catch(null),
})

/** Which of MLflow's models it is, in the words above. */
export type Identity = z.output<typeof identity>
