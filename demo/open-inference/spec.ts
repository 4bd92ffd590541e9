/** A tensor as Open Inference metadata lists it; `-1` in `shape` is a dimension of any size. */
export interface Tensor {
  name: string
  /** In the protocol's own vocabulary: `FP32`, `INT64`, `BYTES`, … */
  datatype: string
  shape: readonly number[]
  /** MLServer only: Triton has nothing of the kind. */
  parameters?: Readonly<Record<string, unknown>>
}

/** A tensor with values, as an infer call answers it. */
interface OutputTensor extends Tensor {
  data: readonly unknown[]
}

/**
 * Where one version is in its life. What a server says of it differs by dialect: MLServer calls the last three the
 * same, Triton tells them apart. `unloading` lasts long enough to be seen on Triton only.
 */
export type ModelState = 'ready' | 'loading' | 'unloading' | 'failed' | 'unloaded' | 'never-loaded'

/** One version of one model in the server's repository. */
export interface ServedModelSpec {
  name: string
  /** MLServer: any text, or none. Triton: the number of the version's folder, never absent. */
  version?: string
  /** As found when the stand-in starts; `ready` when absent. */
  state?: ModelState
  /** MLServer: free text (`''` when absent). Triton: ignored, the stand-in serves its Python backend. */
  platform?: string
  /** MLServer: `versions` of the metadata, which is `[]` unless the settings say otherwise. Triton lists what is ready. */
  versions?: readonly string[]
  inputs?: readonly Tensor[]
  outputs?: readonly Tensor[]
  /** MLServer: `parameters` of the metadata, where a runtime can put `mlflow_run_id` and the like. */
  parameters?: Readonly<Record<string, unknown>>
  /** Triton: `parameters` of the configuration, shown as `{key: {string_value}}` and shared by all versions. */
  configParameters?: Readonly<Record<string, string>>
  /** Triton: above 0, the first dimension of every tensor is the batch and is left out of the configuration's `dims`. */
  maxBatchSize?: number
  /**
   * What the server says when it cannot load this version, with the path or traceback a real one shows. A version that
   * has it, or that starts as `failed`, fails on every load call.
   */
  loadFailure?: string
  /** What every infer call answers; inputs are not judged. */
  answer?: readonly OutputTensor[]
}
