import { type Arguments, integer, requiredText, text, textList } from '../arguments.ts'
import { findVersion } from '../find.ts'
import { byAll, parseOrderBy, type SortValue } from '../order.ts'
import { listed, page } from '../paging.ts'
import { invalid, MlflowProblem } from '../problem.ts'
import { setOf } from '../python.ts'
import type { Route } from '../route.ts'
import { searchVersions } from '../search-registry.ts'
import type { ModelVersion, Store } from '../store.ts'
import { showVersion, showVersionOf } from '../wire/registry.ts'
import { createVersion } from './create-version.ts'
import { stageOf } from './stage.ts'

/** `model-versions/…`. */
export const modelVersions: readonly Route[] = [
  {
    method: 'GET',
    path: 'model-versions/get',
    answer: (store, args) => {
      const { model, version } = findVersion(store, requiredText(args, 'name'), requiredText(args, 'version'))
      return { model_version: showVersionOf(model, version) }
    },
  },
  { method: 'GET', path: 'model-versions/search', answer: search },
  { method: 'POST', path: 'model-versions/create', answer: createVersion },
  {
    method: 'POST',
    path: 'model-versions/set-tag',
    answer: (store, args) => {
      const [name, number, key] = [requiredText(args, 'name'), requiredText(args, 'version'), requiredText(args, 'key')]
      findVersion(store, name, number).version.tags.set(key, text(args, 'value') ?? '')
      return {}
    },
  },
  { method: 'POST', path: 'model-versions/transition-stage', answer: transitionStage },
  {
    method: 'GET',
    path: 'model-versions/get-download-uri',
    answer: (store, args) => {
      const { version } = findVersion(store, text(args, 'name') ?? '', text(args, 'version') ?? '')
      return { artifact_uri: version.storageLocation }
    },
  },
]

const ORDER_KEYS: Readonly<Record<string, (version: ModelVersion) => SortValue>> = {
  name: ({ name }) => name,
  version_number: ({ version }) => version,
  creation_timestamp: ({ createdAt }) => createdAt,
  last_updated_timestamp: ({ updatedAt }) => updatedAt,
}

function search(store: Store, args: Arguments): object {
  const limit = integer(args, 'max_results', 200_000) ?? 10_000
  if (limit < 1) throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${limit}`)
  const asked = textList(args, 'order_by')
  const clauses = asked.length > 0 ? asked : ['last_updated_timestamp DESC']
  const found = searchVersions(store, text(args, 'filter') ?? '').sort(
    byAll(...[...clauses, 'name ASC', 'version_number DESC'].map(orderKey)),
  )
  return listed('model_versions', page(found, limit, text(args, 'page_token')), showVersion)
}

function orderKey(clause: string) {
  // Of the keys that are words of SQL, this is the one that a user is likely to try.
  if (/^version\b/i.test(clause)) throw invalid(`Invalid order_by clause '${clause}'. Could not be parsed.`)
  const { key, ascending } = parseOrderBy(clause)
  const of = ORDER_KEYS[key]
  if (of) return { of, ascending }
  throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${setOf(Object.keys(ORDER_KEYS))}'`)
}

function transitionStage(store: Store, args: Arguments): object {
  const [name, number] = [requiredText(args, 'name'), requiredText(args, 'version')]
  const stageText = requiredText(args, 'stage')
  const stage = stageOf(stageText)
  const archives = args.one('archive_existing_versions') === true
  if (archives && stage !== 'Staging' && stage !== 'Production') {
    throw new MlflowProblem(
      'INTERNAL_ERROR',
      `Model version transition cannot archive existing model versions because '${stageText}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
    )
  }
  const { model, version } = findVersion(store, name, number)
  const now = store.now()
  for (const other of archives ? model.versions : []) {
    if (other !== version && other.stage === stage) Object.assign(other, { stage: 'Archived', updatedAt: now })
  }
  Object.assign(version, { stage, updatedAt: now })
  model.updatedAt = now
  return { model_version: showVersionOf(model, version) }
}
