import { randomUUID } from 'node:crypto'
import { type Arguments, integer, lacking, objectList, pairs, requiredText, text, textList } from '../arguments.ts'
import type { Clause } from '../filter/clause.ts'
import { holds } from '../filter/compare.ts'
import { loggedModelClauses } from '../filter/logged-models.ts'
import { checkExperimentId, findExperiment, findLoggedModel } from '../find.ts'
import { byAll } from '../order.ts'
import { base64, listed } from '../paging.ts'
import { invalid, MlflowCrash } from '../problem.ts'
import { lineJson, repr } from '../python.ts'
import type { Route } from '../route.ts'
import type { LoggedModel, Store } from '../store.ts'
import { showLoggedModel } from '../wire/logged-model.ts'

/** `logged-models…`, which MLflow 2 does not have. */
export const loggedModels: readonly Route[] = [
  { method: 'POST', path: 'logged-models', mlflow3: true, answer: create },
  { method: 'POST', path: 'logged-models/search', mlflow3: true, answer: search },
  {
    method: 'GET',
    path: 'logged-models/:model_id',
    mlflow3: true,
    answer: (store, _, id) => ({ model: showLoggedModel(findLoggedModel(store, id)) }),
  },
  { method: 'PATCH', path: 'logged-models/:model_id', mlflow3: true, answer: finish },
]

function create(store: Store, args: Arguments): object {
  const experimentId = requiredText(args, 'experiment_id')
  const id = `m-${randomUUID().replaceAll('-', '')}`
  const name = text(args, 'name') || `unnamed-model-${id.slice(2, 5)}`
  if (/[/:.%"']/.test(name)) {
    throw invalid(
      `Invalid model name (${repr(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
    )
  }
  findExperiment(store, experimentId)
  const now = store.now()
  const model: LoggedModel = {
    ...{ id, experimentId, name, type: text(args, 'model_type') ?? '', sourceRunId: text(args, 'source_run_id') ?? '' },
    ...{ createdAt: now, updatedAt: now, status: 'LOGGED_MODEL_PENDING', metrics: [] },
    ...{ params: pairs(args, 'params'), tags: pairs(args, 'tags') },
  }
  store.loggedModels.set(id, model)
  return { model: showLoggedModel(model) }
}

const STATUSES: readonly LoggedModel['status'][] = [
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
]

/** The id is wanted in the body too, and there it counts. */
function finish(store: Store, args: Arguments): object {
  const id = requiredText(args, 'model_id')
  const given = args.one('status') ?? lacking('status')
  const model = findLoggedModel(store, id)
  const status = STATUSES.find((candidate, index) => candidate === given || index + 1 === given)
  Object.assign(model, { status: status ?? model.status, updatedAt: store.now() })
  return { model: showLoggedModel(model) }
}

const ATTRIBUTES: Readonly<Record<string, (model: LoggedModel) => string | number>> = {
  model_id: ({ id }) => id,
  experiment_id: ({ experimentId }) => experimentId,
  name: ({ name }) => name,
  model_type: ({ type }) => type,
  // Filters see protobuf's number for it.
  status: ({ status }) => String(STATUSES.indexOf(status) + 1),
  source_run_id: ({ sourceRunId }) => sourceRunId,
  creation_timestamp_ms: ({ createdAt }) => createdAt,
  last_updated_timestamp_ms: ({ updatedAt }) => updatedAt,
}

function search(store: Store, args: Arguments): object {
  const experimentIds = textList(args, 'experiment_ids')
  if (args.many('experiment_ids') === undefined) lacking('experiment_ids')
  for (const field of ['order_by', 'datasets']) {
    if (objectList(args, field).length > 0) throw new Error(`The stand-in does not know ${field} of logged models`)
  }
  const filter = text(args, 'filter') || null
  const offset = offsetOf(text(args, 'page_token'), experimentIds, filter)
  const limit = integer(args, 'max_results') || 50
  const clauses = loggedModelClauses(filter ?? '')
  for (const id of experimentIds) checkExperimentId(store, id)
  const found = [...store.loggedModels.values()]
    .filter(({ experimentId }) => experimentIds.includes(experimentId))
    .filter((model) => clauses.every((clause) => matches(model, clause)))
    .sort(byAll({ of: ({ createdAt }) => createdAt, ascending: false }, { of: ({ id }) => id, ascending: true }))
  const end = offset + limit
  const token = { experiment_ids: experimentIds, filter_string: filter, order_by: null, offset: end }
  const rows = found.slice(offset, end)
  return listed(
    'models',
    end < found.length ? { rows, nextPageToken: base64(lineJson(token)) } : { rows },
    showLoggedModel,
  )
}

function matches(model: LoggedModel, { kind, key, comparator, value }: Clause): boolean {
  if (kind === 'attribute') return holds(ATTRIBUTES[key]?.(model), comparator, value)
  if (kind !== 'metric') return holds((kind === 'tag' ? model.tags : model.params).get(key), comparator, value)
  return model.metrics.some((metric) => metric.key === key && holds(metric.value, comparator, value))
}

/** These tokens hold the search that they continue, and are refused for any other. */
function offsetOf(token: string | undefined, experimentIds: readonly string[], filter: string | null): number {
  if (!token) return 0
  let made: { experiment_ids?: unknown; filter_string?: unknown; offset?: number }
  try {
    made = JSON.parse(Buffer.from(token, 'base64').toString())
  } catch {
    throw new MlflowCrash()
  }
  if (lineJson(made.experiment_ids) !== lineJson(experimentIds)) {
    throw invalid(
      `Experiment IDs in the page token do not match the requested experiment IDs. Expected: ${lineJson(experimentIds)}. Found: ${lineJson(made.experiment_ids)}`,
    )
  }
  if ((made.filter_string ?? null) !== filter) {
    throw invalid(
      `Filter string in the page token does not match the requested filter string. Expected: ${filter}. Found: ${made.filter_string}`,
    )
  }
  return made.offset ?? 0
}
