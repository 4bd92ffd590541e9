import { json, type Route, starlette } from '#demo/open-inference/starlette.ts'
import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import { invocations } from './invocations.ts'
import type { ScoringVersion } from './replies.ts'

export type { ScoringVersion } from './replies.ts'

export interface MlflowScoringOptions extends ListenOptions {
  /** MLflow's own version, all that the server tells of itself. */
  version: ScoringVersion
  /** Answered once for each row sent; 0 when absent. */
  prediction?: unknown
}

/**
 * Starts a stand-in of `mlflow models serve`, a server that is ready or not there at all and never says which model it
 * serves.
 */
export function startMlflowScoring({ version, prediction = 0, ...options }: MlflowScoringOptions): Promise<StandIn> {
  // A newline and a bare version are no JSON; the real server labels them so all the same.
  const labelledJson = (body: string) => ({ ...json(200, null), body })
  const routes: Route[] = [
    { method: 'GET', path: /^\/(?:ping|health)$/, answer: () => labelledJson('\n') },
    { method: 'GET', path: /^\/version$/, answer: () => labelledJson(version) },
    { method: 'POST', path: /^\/invocations$/, answer: (_, request) => invocations(version, prediction, request) },
  ]
  return listen(starlette(routes), options)
}
