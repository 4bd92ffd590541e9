import type { Arguments } from './arguments.ts'
import type { Store } from './store.ts'

/** One call of MLflow's REST API. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/2.0/mlflow/`; a segment that starts with a colon takes any text. */
  path: string
  /** MLflow 2 does not have it. */
  mlflow3?: true
  /** The answer, sent as JSON. `segment` is what stands for the path's colon. Throws MlflowProblem. */
  answer(store: Store, args: Arguments, segment: string): object
}
