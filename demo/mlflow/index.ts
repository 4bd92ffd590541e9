import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import type { GuardOptions } from './guard.ts'
import { load } from './load.ts'
import { mlflow } from './server.ts'
import type { MlflowData } from './spec.ts'
import { createStore } from './store.ts'

export type { MlflowData, ModelSpec, RunSpec, VersionSpec } from './spec.ts'
export type { MlflowVersion } from './version.ts'

export interface MlflowOptions extends ListenOptions, GuardOptions {
  /** What the server holds from the start; "Default", the experiment of every new server, when absent. */
  data?: MlflowData
  /** Milliseconds since 1970, for what is written later. The system's clock when absent. */
  now?: () => number
}

/**
 * Starts a stand-in of an MLflow tracking server with its model registry, in memory. It answers MLflow's REST API as the
 * real server of that version was recorded to, and can be written to over it. Rejects on data that MLflow could not hold.
 */
export async function startMlflow(options: MlflowOptions): Promise<StandIn> {
  const store = createStore(options.version, options.now ?? Date.now)
  load(store, options.data ?? {})
  return listen(mlflow(store, options), options)
}
