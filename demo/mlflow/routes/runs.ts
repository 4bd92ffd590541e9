import { randomUUID } from 'node:crypto'
import { type Arguments, integer, pairs, requiredText, text } from '../arguments.ts'
import { findActiveRun, findExperiment, findRun } from '../find.ts'
import { invalid, MlflowProblem } from '../problem.ts'
import type { Route } from '../route.ts'
import type { RunStatus } from '../spec.ts'
import type { Run, Store } from '../store.ts'
import { showRun, showRunInfo } from '../wire/tracking.ts'
import { searchRuns } from './search-runs.ts'

/** `runs/…`, but for what logs to one. */
export const runs: readonly Route[] = [
  { method: 'POST', path: 'runs/create', answer: create },
  {
    method: 'GET',
    path: 'runs/get',
    answer: (store, args) => ({ run: showRun(findRun(store, runId(args)), store.version) }),
  },
  { method: 'POST', path: 'runs/search', answer: searchRuns },
  { method: 'POST', path: 'runs/update', answer: update },
  {
    method: 'POST',
    path: 'runs/delete',
    answer: (store, args) => {
      findRun(store, runId(args)).deleted = true
      return {}
    },
  },
]

/** `run_uuid` is the older name. */
function runId(args: Arguments): string {
  return text(args, 'run_id') || text(args, 'run_uuid') || requiredText(args, 'run_id')
}

function create(store: Store, args: Arguments): object {
  const experimentId = text(args, 'experiment_id')
  if (!experimentId) throw new MlflowProblem('BAD_REQUEST', '(sqlite3.IntegrityError) FOREIGN KEY constraint failed')
  const experiment = findExperiment(store, experimentId)
  if (experiment.deleted) {
    throw invalid(`The experiment ${experiment.id} must be in the 'active' state. Current state is deleted.`)
  }
  const id = randomUUID().replaceAll('-', '')
  const tags = pairs(args, 'tags')
  const name = text(args, 'run_name') || tags.get('mlflow.runName') || `unnamed-run-${id.slice(0, 3)}`
  if (!tags.has('mlflow.runName')) tags.set('mlflow.runName', name)
  const run: Run = {
    ...{ id, experimentId: experiment.id, name, user: text(args, 'user_id') ?? '', status: 'RUNNING', tags },
    // Without a start time a run starts in 1970.
    ...{ startTime: integer(args, 'start_time') ?? 0, endTime: undefined, deleted: false },
    ...{ params: new Map(), metrics: [], datasets: [], modelOutputs: [] },
  }
  store.runs.set(id, run)
  // Here alone MLflow 3 sends no `outputs`.
  return { run: showRun(run, '2.22.5') }
}

const STATUSES: readonly (RunStatus | undefined)[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

function update(store: Store, args: Arguments): object {
  const run = findActiveRun(store, runId(args))
  const given = args.one('status')
  // A status that does not exist is ignored; protobuf counts them from 1.
  const status = STATUSES.find((candidate, index) => candidate === given || index + 1 === given)
  if (status) run.status = status
  const name = text(args, 'run_name')
  if (name) {
    run.name = name
    run.tags.set('mlflow.runName', name)
  }
  run.endTime = integer(args, 'end_time') || run.endTime
  return { run_info: showRunInfo(run) }
}
