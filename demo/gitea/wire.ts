import type { AccountSpec, CommitSpec, JobSpec, PullSpec, RepositorySpec, RunSpec } from '../forge/spec.ts'
import { stateOf } from '../forge/spec.ts'

/** Go's zero of Unix time, which Gitea writes for "not yet". */
const NEVER = '1970-01-01T00:00:00Z'

/** Without milliseconds. */
function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

const account = (login: string) => ({ login, username: login })

/** A repository and where its pages are. */
export interface Place {
  readonly root: string
  readonly repository: RepositorySpec
}

const pageOf = ({ root, repository }: Place) => `${root}/${repository.path}`
const apiOf = ({ root, repository }: Place) => `${root}/api/v1/repos/${repository.path}`

export const defaultBranch = ({ defaultBranch = 'main' }: RepositorySpec): string => defaultBranch

export function repositoryOf(place: Place) {
  const { repository } = place
  const name = repository.path.split('/').at(-1)
  const html_url = pageOf(place)
  return { name, full_name: repository.path, html_url, default_branch: defaultBranch(repository), private: true }
}

export function branchOf({ repository }: Place) {
  return { name: defaultBranch(repository), protected: repository.isProtected ?? false }
}

export function commitOf(place: Place, { sha, message, author, at }: CommitSpec) {
  const who = { name: nameOf(author), email: `${author.login}@example.test`, date: time(at) }
  return {
    sha,
    url: `${apiOf(place)}/git/commits/${sha}`,
    html_url: `${pageOf(place)}/commit/${sha}`,
    created: time(at),
    commit: { message: `${message}\n`, author: who, committer: who },
    author: account(author.login),
  }
}

const nameOf = ({ login, name = login }: AccountSpec) => name

/** `alone`: asked for by itself; lists leave out who merged it. */
export function pullOf(place: Place, pull: PullSpec, { alone }: { alone: boolean }) {
  const { number, title, author, merged, closed, head, branch, base = defaultBranch(place.repository) } = pull
  return {
    number,
    title,
    user: account(author),
    state: merged || closed ? 'closed' : 'open',
    html_url: `${pageOf(place)}/pulls/${number}`,
    merged: merged !== undefined,
    merged_at: time(merged?.at),
    merge_commit_sha: merged?.commit ?? null,
    merged_by: merged && alone ? account(merged.by) : null,
    base: { ref: base },
    head: { ref: branch, sha: head },
    created_at: time(pull.createdAt),
    updated_at: time(changedAt(pull)),
  }
}

export const changedAt = ({ updatedAt, merged, createdAt }: PullSpec): number => updatedAt ?? merged?.at ?? createdAt

const VERDICTS = { APPROVED: 'APPROVED', CHANGES_REQUESTED: 'REQUEST_CHANGES', COMMENTED: 'COMMENT' } as const

export function reviewsOf(pull: PullSpec) {
  return (pull.reviews ?? []).map(({ by, verdict, sha, dismissed = false, at }) => ({
    user: account(by),
    state: VERDICTS[verdict],
    commit_id: sha,
    stale: sha !== pull.head,
    official: true,
    dismissed,
    submitted_at: time(at),
  }))
}

export function runOf(place: Place, run: RunSpec) {
  const { id, number = id, workflow, title, event, branch, pull, sha, actor, conclusion, startedAt, endedAt } = run
  const ref = branch === null ? `refs/pull/${pull}/head` : `refs/heads/${branch}`
  return {
    id,
    url: `${apiOf(place)}/actions/runs/${id}`,
    html_url: `${pageOf(place)}/actions/runs/${id}`,
    display_title: title,
    path: `${workflow.file}@${ref}`,
    event,
    run_attempt: 0,
    run_number: number,
    head_sha: sha,
    ...(branch !== null && { head_branch: branch }),
    status: stateOf(run),
    ...(conclusion && { conclusion }),
    started_at: time(startedAt) ?? NEVER,
    completed_at: time(endedAt) ?? NEVER,
    actor: account(actor),
    trigger_actor: account(actor),
  }
}

export function jobOf(place: Place, { id: run, sha }: RunSpec, job: JobSpec) {
  const { id, name, conclusion, startedAt, endedAt } = job
  return {
    ...{ id, run_id: run, name, head_sha: sha, status: stateOf(job), ...(conclusion && { conclusion }) },
    html_url: `${pageOf(place)}/actions/runs/${run}/jobs/${id}`,
    started_at: time(startedAt) ?? NEVER,
    completed_at: time(endedAt) ?? NEVER,
  }
}

/** Worst first: the combined state is the first that occurs. */
const WORST = ['error', 'failure', 'pending', 'warning', 'success']

export function combinedOf({ repository, root }: Place, sha: string) {
  const statuses = (repository.statuses ?? []).filter((status) => status.sha === sha)
  const states = statuses.map(({ state }) => (WORST.includes(state) ? state : 'pending'))
  return {
    state: WORST.find((state) => states.includes(state)) ?? '',
    sha,
    total_count: statuses.length,
    statuses: statuses.map(({ context, state, description = '', targetUrl = '', at = 0 }) => ({
      ...{ context, status: state, description, target_url: targetUrl },
      ...{ created_at: time(at), updated_at: time(at) },
    })),
    commit_url: `${root}/api/v1/repos/${repository.path}/commits/${sha}`,
  }
}
