import type { CommitSpec, ForgeData, PullSpec, RepositorySpec, RunSpec } from '../forge/spec.ts'
import type { RunSpec as TrainingSpec } from '../mlflow/spec.ts'
import { hex, runTag } from './build.ts'

/** Pushed without a pull request, so that nobody but the author has seen it. */
const UNREVIEWED = ['pricing/discounts']
/** Approved by another account of the team that wrote it. */
const APPROVED_BY_OWN_TEAM = ['credit/loan-default']
/** Needs a package with known vulnerabilities, which is scanned for everywhere. */
const VULNERABLE = ['pricing/discounts']
/** Trains in its CI, without recording the address of the CI run. */
const TRAINED_IN_CI = ['retention/churn']

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What a forge holds of the code that training runs were made from: a merged pull request and its CI for each commit. */
export function forgeOf(host: string, trainings: readonly TrainingSpec[]): ForgeData {
  const sources = trainings.flatMap((training) => {
    const [, at, path = ''] =
      /^https:\/\/([^/]+)\/(.+)\.git$/.exec(training.tags?.['mlflow.source.git.repoURL'] ?? '') ?? []
    return at === host ? [{ path, training, sha: training.tags?.['mlflow.source.git.commit'] ?? '' }] : []
  })
  const repositories = Map.groupBy(sources, ({ path }) => path)
  return {
    repositories: [...repositories].map(([path, of]) => {
      const commits = [...Map.groupBy(of, ({ sha }) => sha)].map(([sha, made]) => ({
        sha,
        trainings: made.map(({ training }) => training).toSorted((a, b) => a.startedAt - b.startedAt),
      }))
      return repositoryOf(path, commits)
    }),
  }
}

function repositoryOf(
  path: string,
  made: readonly { sha: string; trainings: readonly TrainingSpec[] }[],
): RepositorySpec {
  const parts = made
    .toSorted((a, b) => startOf(a) - startOf(b))
    .map(({ sha, trainings }, i) => releaseOf(path, i + 1, sha, trainings))
  return {
    path,
    isProtected: !UNREVIEWED.includes(path),
    commits: parts.flatMap(({ commits }) => commits),
    pulls: parts.flatMap(({ pulls }) => pulls),
    runs: parts.flatMap(({ runs }) => runs).toSorted((a, b) => a.createdAt - b.createdAt),
    statuses: [
      ...parts.flatMap(({ runs }) =>
        runs.map(({ sha, workflow, event }) => ({
          ...{ sha, context: `${workflow.name} / run (${event})`, state: 'success' },
        })),
      ),
      ...parts.flatMap(({ commits, runs }) => {
        const [at, isBad] = [runs[0]?.endedAt ?? 0, VULNERABLE.includes(path)]
        const state = isBad ? 'failure' : 'success'
        const description = isBad ? '2 critical, 5 high' : '0 critical, 0 high'
        return commits.slice(-1).map(({ sha }) => ({ sha, context: 'trivy / dependencies', state, description, at }))
      }),
    ],
  }
}

const startOf = ({ trainings }: { trainings: readonly TrainingSpec[] }): number => trainings[0]?.startedAt ?? 0

/** A commit that was trained from, merged the day before. */
function releaseOf(path: string, number: number, sha: string, trainings: readonly TrainingSpec[]) {
  const mergedAt = startOf({ trainings }) - 24 * HOUR
  const account = (trainings[0]?.user ?? '').replace('-pipelines', '')
  const author = `${account}-dev`
  const title = `Prepare ${trainings[0]?.name.replace('train ', '') ?? sha}`
  const test: RunSpec = ciRun({
    ...{ id: numberOf(`${sha} test`), workflow: { name: 'test', file: 'test.yml' }, title, sha, actor: author },
    ...{ createdAt: mergedAt + MINUTE, startedAt: mergedAt + 2 * MINUTE, endedAt: mergedAt + 12 * MINUTE },
  })
  const runs = [test, ...trainings.flatMap((training) => trainedBy(path, sha, training))]
  if (UNREVIEWED.includes(path)) {
    const commit: CommitSpec = { sha, message: title, author: { login: author }, at: mergedAt }
    return { commits: [commit], pulls: [], runs }
  }
  const head = hex(`${sha} head`, 40)
  const reviewer = APPROVED_BY_OWN_TEAM.includes(path) ? `${account}-deploy` : 'model-review'
  const pull: PullSpec = {
    ...{ number, title, author, branch: `release-${number}`, head, createdAt: mergedAt - 48 * HOUR },
    merged: { at: mergedAt, by: author, commit: sha },
    reviews: [{ by: reviewer, verdict: 'APPROVED', at: mergedAt - HOUR, sha: head }],
  }
  const commits: CommitSpec[] = [
    { sha: head, message: title, author: { login: author }, at: mergedAt - 49 * HOUR },
    { sha, message: `Merge #${number}: ${title}`, author: { login: author }, at: mergedAt },
  ]
  return { commits, pulls: [pull], runs }
}

/** The CI run that a training run was started by, where there was one. */
function trainedBy(path: string, sha: string, training: TrainingSpec): RunSpec[] {
  const id = /\/(\d+)$/.exec(training.tags?.[runTag] ?? '')?.[1]
  if (id === undefined && !TRAINED_IN_CI.includes(path)) return []
  const { name, startedAt, endedAt = startedAt, user = '' } = training
  return [
    ciRun({
      ...{ id: Number(id ?? numberOf(training.id)), workflow: { name: 'train', file: 'train.yml' }, title: name },
      ...{ sha, actor: user, createdAt: startedAt - 5 * MINUTE, startedAt: startedAt - 4 * MINUTE },
      endedAt: endedAt + 3 * MINUTE,
    }),
  ]
}

/** Numbers of CI runs that are the same on every start. */
export function numberOf(text: string): number {
  return Number.parseInt(hex(text, 7), 16)
}

type Ran = Pick<RunSpec, 'id' | 'workflow' | 'title' | 'sha' | 'actor' | 'createdAt'> & {
  startedAt: number
  endedAt: number
}

function ciRun(run: Ran): RunSpec {
  const { id, workflow, startedAt, endedAt } = run
  const job = {
    id: id + 1,
    name: workflow.name,
    startedAt: startedAt + MINUTE,
    endedAt,
    conclusion: 'success' as const,
  }
  return { ...run, event: 'push', branch: 'main', conclusion: 'success', jobs: [job] }
}
