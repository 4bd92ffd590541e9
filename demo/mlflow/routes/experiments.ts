import { type Arguments, integer, pairs, requiredText, text, textList } from '../arguments.ts'
import { holds } from '../filter/compare.ts'
import { experimentSearch, identify, trackingClauses } from '../filter/tracking.ts'
import { findExperiment } from '../find.ts'
import { byAll, parseOrderBy, type SortValue } from '../order.ts'
import { listed, page } from '../paging.ts'
import { invalid, MlflowProblem, missing } from '../problem.ts'
import type { Route } from '../route.ts'
import type { Experiment, Store } from '../store.ts'
import { showExperiment } from '../wire/tracking.ts'
import { isInView, pageSize, viewOf } from './view.ts'

/** `experiments/…`. */
export const experiments: readonly Route[] = [
  { method: 'POST', path: 'experiments/create', answer: create },
  {
    method: 'GET',
    path: 'experiments/get',
    answer: (store, args) => {
      const experiment = findExperiment(store, requiredText(args, 'experiment_id'))
      return { experiment: showExperiment(experiment, store.version) }
    },
  },
  {
    method: 'GET',
    path: 'experiments/get-by-name',
    answer: (store, args) => {
      const name = requiredText(args, 'experiment_name')
      const experiment = byName(store, name)
      if (!experiment) throw missing(`Could not find experiment with name '${name}'`)
      return { experiment: showExperiment(experiment, store.version) }
    },
  },
  { method: 'GET', path: 'experiments/search', answer: search },
  { method: 'POST', path: 'experiments/search', answer: search },
  { method: 'POST', path: 'experiments/delete', answer: remove },
]

function byName({ experiments }: Store, name: string): Experiment | undefined {
  return [...experiments.values()].find((experiment) => experiment.name === name)
}

function create(store: Store, args: Arguments): object {
  const name = requiredText(args, 'name')
  if (byName(store, name)) {
    throw new MlflowProblem(
      'RESOURCE_ALREADY_EXISTS',
      `Experiment(name=${name}) already exists. Error: (sqlite3.IntegrityError) UNIQUE constraint failed: experiments.name`,
    )
  }
  const id = newId(store)
  const now = store.now()
  store.experiments.set(id, { id, name, createdAt: now, updatedAt: now, deleted: false, tags: pairs(args, 'tags') })
  return { experiment_id: id }
}

/** Ids are numbers, counted on. */
function newId({ experiments }: Store): string {
  return String(Math.max(...[...experiments.keys()].map(Number)) + 1)
}

const ATTRIBUTES: Readonly<Record<string, (experiment: Experiment) => SortValue>> = {
  name: ({ name }) => name,
  experiment_id: ({ id }) => Number(id),
  creation_time: ({ createdAt }) => createdAt,
  last_update_time: ({ updatedAt }) => updatedAt,
}

function search(store: Store, args: Arguments): object {
  const view = viewOf(args.one('view_type'))
  const limit = pageSize(integer(args, 'max_results') ?? 0)
  const clauses = trackingClauses(text(args, 'filter') ?? '', experimentSearch(store.version), store.version)
  const found = [...store.experiments.values()]
    .filter(({ deleted }) => isInView(deleted, view))
    .filter((experiment) =>
      clauses.every(({ kind, key, comparator, value }) => {
        const attribute = key === 'experiment_id' ? experiment.id : ATTRIBUTES[key]?.(experiment)
        return holds(kind === 'tag' ? experiment.tags.get(key) : attribute, comparator, value)
      }),
    )
    .sort(byAll(...order(textList(args, 'order_by'))))
  return listed('experiments', page(found, limit, text(args, 'page_token')), (experiment) =>
    showExperiment(experiment, store.version),
  )
}

function order(asked: readonly string[]) {
  const clauses = asked.length > 0 ? [...asked, 'experiment_id DESC'] : ['creation_time DESC', 'experiment_id ASC']
  return clauses.map(parseOrderBy).map(({ key, ascending }) => {
    const { kind, key: name } = identify(key, Object.keys(ATTRIBUTES))
    const of = kind === 'attribute' ? ATTRIBUTES[name] : undefined
    if (!of) throw invalid(`Invalid order_by entity: ${kind}`)
    return { of, ascending }
  })
}

/** Deletes an experiment, and with it its runs. */
function remove(store: Store, args: Arguments): object {
  const experiment = findExperiment(store, requiredText(args, 'experiment_id'))
  if (experiment.deleted) throw missing(`No Experiment with id=${experiment.id} exists`)
  Object.assign(experiment, { deleted: true, updatedAt: store.now() })
  for (const run of store.runs.values()) if (run.experimentId === experiment.id) run.deleted = true
  return {}
}
