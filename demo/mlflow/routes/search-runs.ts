import { type Arguments, integer, text, textList } from '../arguments.ts'
import type { Clause } from '../filter/clause.ts'
import { holds } from '../filter/compare.ts'
import { identify, RUNS, trackingClauses } from '../filter/tracking.ts'
import { checkExperimentId } from '../find.ts'
import { byAll, parseOrderBy, type SortValue } from '../order.ts'
import { listed, page } from '../paging.ts'
import { invalid } from '../problem.ts'
import type { Run, Store } from '../store.ts'
import { isMlflow3, type MlflowVersion } from '../version.ts'
import { latestMetrics, runArtifacts, showRun } from '../wire/tracking.ts'
import { isInView, pageSize, viewOf } from './view.ts'

/** `runs/search`. Without experiments there are no runs, and no error. */
export function searchRuns(store: Store, args: Arguments): object {
  const limit = pageSize(integer(args, 'max_results', 50_000) ?? 1000)
  const view = viewOf(args.one('run_view_type'))
  const experiments = new Set(textList(args, 'experiment_ids'))
  const clauses = trackingClauses(text(args, 'filter') ?? '', RUNS, store.version)
  const order = [
    ...textList(args, 'order_by').map(orderKey),
    { of: ({ startTime }: Run) => startTime, ascending: false },
    { of: ({ id }: Run) => id, ascending: true },
  ]
  for (const id of experiments) checkExperimentId(store, id)
  const found = [...store.runs.values()]
    .filter(({ experimentId, deleted }) => experiments.has(experimentId) && isInView(deleted, view))
    .filter((run) => clauses.every((clause) => matches(run, clause, store.version)))
    .sort(byAll(...order))
  return listed('runs', page(found, limit, text(args, 'page_token')), (run) => showRun(run, store.version))
}

const ATTRIBUTES: Readonly<Record<string, (run: Run) => SortValue>> = {
  run_id: ({ id }) => id,
  run_name: ({ name }) => name,
  status: ({ status }) => status,
  artifact_uri: runArtifacts,
  user_id: ({ user }) => user,
  start_time: ({ startTime }) => startTime,
  end_time: ({ endTime }) => endTime,
}

function matches(run: Run, { kind, key, comparator, value }: Clause, version: MlflowVersion): boolean {
  if (kind !== 'dataset') {
    const actual = valueIn(run, { kind, key })
    // The database has 0 for NaN, which MLflow 2 forgets when it filters.
    return holds(Number.isNaN(actual) && !isMlflow3(version) ? 0 : actual, comparator, value)
  }
  return run.datasets.some(({ name, digest, tags = {} }) =>
    holds({ name, digest, context: tags['mlflow.data.context'] }[key], comparator, value),
  )
}

function valueIn(run: Run, { kind, key }: Pick<Clause, 'kind' | 'key'>): SortValue {
  if (kind === 'attribute') return ATTRIBUTES[key]?.(run)
  if (kind === 'metric') return latestMetrics(run).find((metric) => metric.key === key)?.value
  return (kind === 'tag' ? run.tags : run.params).get(key)
}

function orderKey(clause: string): { of: (run: Run) => SortValue; ascending: boolean } {
  const { key, ascending } = parseOrderBy(clause)
  const about = identify(key, RUNS.attributes)
  if (about.kind === 'dataset') throw invalid(`Invalid identifier type '${about.kind}'`)
  return { of: (run) => nanLast(valueIn(run, about)), ascending }
}

function nanLast(value: SortValue): SortValue {
  return Number.isNaN(value) ? undefined : value
}
