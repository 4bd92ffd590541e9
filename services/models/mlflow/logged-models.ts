import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { LoggedModelRecord } from '../port.ts'
import { inChunks } from './chunks.ts'
import type { Experiments, Server } from './experiments.ts'
import { isIn, isPlainId } from './filter.ts'
import { loggedModelRecord } from './records.ts'
import { askAll } from './requests.ts'
import { pages } from './wire.ts'

/** MLflow's proto says at most 50 per page; 3.17.2 takes more, other versions need not. */
const MODELS_PER_CALL = 50

/** Logged models of MLflow 3 by id; null: the server has none. */
export async function readLoggedModels(
  { id, upstream }: Server,
  experiments: Experiments,
  ids: readonly string[],
  call: UpstreamCall,
): Promise<(LoggedModelRecord | null)[]> {
  const known = await experiments.read(call)
  const found = await inChunks(ids.filter(isPlainId), MODELS_PER_CALL, (chunk) =>
    askAll(
      upstream,
      id,
      (token) => ({
        method: 'POST',
        path: 'logged-models/search',
        json: {
          experiment_ids: [...known.keys()],
          filter: isIn('attributes.model_id', chunk),
          max_results: MODELS_PER_CALL,
          ...(token !== undefined && { page_token: token }),
        },
      }),
      pages.loggedModels,
      call,
    ),
  )
  const byId = new Map(
    found.flatMap(({ models }) => models).map((model) => [model.info.model_id, loggedModelRecord(model)]),
  )
  return ids.map((one) => byId.get(one) ?? null)
}
