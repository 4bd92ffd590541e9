import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import { type MlflowRoutes, mlserver } from './mlserver/server.ts'
import { createRepository, setState } from './repository.ts'
import type { ModelState, ServedModelSpec } from './spec.ts'
import { type TritonSettings, triton } from './triton/server.ts'

export type { ServedModelSpec } from './spec.ts'

interface CommonOptions extends ListenOptions {
  /** In repository order: MLServer lists and loads them so; Triton sorts by name and version. */
  models: readonly ServedModelSpec[]
}

interface MlserverOptions extends CommonOptions {
  dialect: 'mlserver'
  /** The routes that MLServer has besides its own while its MLflow runtime is loaded. */
  mlflow?: MlflowRoutes
}

interface TritonOptions extends CommonOptions, TritonSettings {
  dialect: 'triton'
}

export type OpenInferenceOptions = MlserverOptions | TritonOptions

export interface OpenInferenceStandIn extends StandIn {
  /** Throws when there is no such version; `undefined` is the one without a version (MLServer). */
  setState(name: string, version: string | undefined, state: ModelState): void
}

/**
 * Starts a stand-in of MLServer 1.7.1 or Triton 2.51.0 (Python backend) that answers the Open Inference Protocol, and
 * the model repository extension, as the real one was recorded to. Rejects on models that server could not have.
 */
export async function startOpenInference(options: OpenInferenceOptions): Promise<OpenInferenceStandIn> {
  const models = createRepository(options.dialect, options.models)
  const handler = options.dialect === 'mlserver' ? mlserver(models, options.mlflow) : triton(models, options)
  const standIn = await listen(handler, options)
  return { ...standIn, setState: (name, version, state) => setState(models, name, version, state) }
}
