import { type Arguments, integer, pairs, requiredText, text, textList } from '../arguments.ts'
import { findModel } from '../find.ts'
import { checkModelName } from '../names.ts'
import { byAll, parseOrderBy } from '../order.ts'
import { listed, page } from '../paging.ts'
import { invalid, MlflowProblem } from '../problem.ts'
import { setOf } from '../python.ts'
import type { Route } from '../route.ts'
import { searchModels } from '../search-registry.ts'
import type { RegisteredModel, Store } from '../store.ts'
import { isMlflow3 } from '../version.ts'
import { listField } from '../wire/pairs.ts'
import { latestVersions, showModel, showVersionOf } from '../wire/registry.ts'
import { stageOf } from './stage.ts'

/** `registered-models/…`, but for aliases. */
export const registeredModels: readonly Route[] = [
  {
    method: 'GET',
    path: 'registered-models/get',
    answer: (store, args) => ({ registered_model: showModel(findModel(store, requiredText(args, 'name'))) }),
  },
  { method: 'GET', path: 'registered-models/search', answer: search },
  { method: 'POST', path: 'registered-models/create', answer: create },
  {
    method: 'POST',
    path: 'registered-models/set-tag',
    answer: (store, args) => {
      const [name, key] = [requiredText(args, 'name'), requiredText(args, 'key')]
      findModel(store, name).tags.set(key, text(args, 'value') ?? '')
      return {}
    },
  },
  {
    method: 'DELETE',
    path: 'registered-models/delete',
    answer: (store, args) => {
      store.models.delete(findModel(store, requiredText(args, 'name')).name)
      return {}
    },
  },
  { method: 'GET', path: 'registered-models/get-latest-versions', answer: getLatestVersions },
  { method: 'POST', path: 'registered-models/get-latest-versions', answer: getLatestVersions },
]

function search(store: Store, args: Arguments): object {
  // Unlike the other searches, this one takes 0 and less.
  const limit = integer(args, 'max_results', 1000) ?? 100
  const found = searchModels(store, text(args, 'filter') ?? '').sort(byAll(...order(textList(args, 'order_by'))))
  const latest = isMlflow3(store.version) ? 'by stage' : 'by appearance'
  return listed('registered_models', page(found, limit, text(args, 'page_token')), (model) => showModel(model, latest))
}

function order(clauses: readonly string[]) {
  const keys = clauses.map(parseOrderBy).map(({ key, ascending }) => {
    if (key === 'name') return { of: ({ name }: RegisteredModel) => name, ascending }
    if (['timestamp', 'last_updated_timestamp'].includes(key)) {
      return { of: ({ updatedAt }: RegisteredModel) => updatedAt, ascending }
    }
    throw invalid(`Invalid order by key '${key}' specified. Valid keys are '${setOf(['name', 'timestamp'])}'`)
  })
  return [...keys, { of: ({ name }: RegisteredModel) => name, ascending: true }]
}

function create(store: Store, args: Arguments): object {
  const name = requiredText(args, 'name')
  checkModelName(name, store.version)
  if (store.models.has(name)) {
    throw new MlflowProblem('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`)
  }
  const now = store.now()
  const model: RegisteredModel = {
    ...{ name, createdAt: now, updatedAt: now, description: text(args, 'description') ?? '' },
    ...{ tags: pairs(args, 'tags'), aliases: new Map(), versions: [] },
  }
  store.models.set(name, model)
  return { registered_model: showModel(model) }
}

function getLatestVersions(store: Store, args: Arguments): object {
  const model = findModel(store, requiredText(args, 'name'))
  const stages = textList(args, 'stages').map(stageOf)
  const latest = latestVersions(model, 'by appearance')
  const wanted = stages.length === 0 ? latest : latest.filter(({ stage }) => stages.includes(stage))
  return listField(
    'model_versions',
    wanted.map((version) => showVersionOf(model, version)),
  )
}
