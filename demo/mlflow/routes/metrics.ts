import { type Arguments, integer, requiredText, text } from '../arguments.ts'
import { byAll } from '../order.ts'
import { listed, page } from '../paging.ts'
import { invalid, MlflowProblem } from '../problem.ts'
import type { Route } from '../route.ts'
import type { Metric, Store } from '../store.ts'
import { isMlflow3 } from '../version.ts'
import { showMetric } from '../wire/tracking.ts'

/** `metrics/get-history`. A run that does not exist has no history, which is no error. */
export const metrics: readonly Route[] = [
  {
    method: 'GET',
    path: 'metrics/get-history',
    answer: (store, args) => {
      const [id, key] = [requiredText(args, 'run_id'), requiredText(args, 'metric_key')]
      const logged = (store.runs.get(id)?.metrics ?? []).filter((metric) => metric.key === key)
      const found = logged.sort(
        byAll<Metric>(
          { of: ({ timestamp }) => timestamp, ascending: true },
          { of: ({ step }) => step, ascending: true },
          { of: ({ value }) => value, ascending: true },
        ),
      )
      return listed('metrics', page(found, pageSize(store, args, found.length), text(args, 'page_token')), showMetric)
    },
  },
]

/** MLflow 2 does not page here: it sends all, whatever the limit, and fails on a token. */
function pageSize(store: Store, args: Arguments, all: number): number {
  const limit = integer(args, 'max_results')
  if (isMlflow3(store.version)) {
    if (limit === undefined) return all
    if (limit > 0) return limit
    throw invalid(`Invalid value ${limit} for parameter 'max_results' supplied. It must be a positive integer.`)
  }
  const token = text(args, 'page_token')
  if (!token) return all
  throw new MlflowProblem(
    'INTERNAL_ERROR',
    `The SQLAlchemyStore backend does not support pagination for the \`get_metric_history\` API. Supplied argument \`page_token\` '${token}' must be \`None\`.`,
  )
}
