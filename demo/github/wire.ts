import type { components } from '@octokit/openapi-types'
import type { AnalysisSpec, JobSpec, RepositorySpec, RunSpec } from '../forge/spec.ts'
import { stateOf } from '../forge/spec.ts'

/** GitHub's own types: what the stand-in answers is a part of them. */
type Schemas = components['schemas']
type Part<T> = { [K in keyof T]?: T[K] extends object | null | undefined ? Partial<T[K]> | null : T[K] }

/** Without milliseconds. */
export function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export const defaultBranch = ({ defaultBranch = 'main' }: RepositorySpec): string => defaultBranch

export function repositoryOf(repository: RepositorySpec): Part<Schemas['full-repository']> {
  return { full_name: repository.path, default_branch: defaultBranch(repository) }
}

export function branchOf(repository: RepositorySpec): Part<Schemas['branch-with-protection']> {
  return { name: defaultBranch(repository), protected: repository.isProtected ?? false }
}

/** As if every commit that is not on the branch had left it. */
export function comparisonOf(repository: RepositorySpec, sha: string): Part<Schemas['commit-comparison']> | undefined {
  const commit = repository.commits.find((one) => one.sha === sha)
  if (!commit) return undefined
  const head = repository.commits.filter(({ onDefaultBranch = true }) => onDefaultBranch).at(-1)
  const status = commit.onDefaultBranch === false ? 'diverged' : commit === head ? 'identical' : 'behind'
  return { status }
}

export function runOf(web: string, { path }: RepositorySpec, run: RunSpec): Part<Schemas['workflow-run']> {
  const { id, number = id, workflow, title, event, branch, sha, actor, createdAt, startedAt, endedAt, conclusion } = run
  return {
    ...{ id, name: workflow.name, display_title: title, path: `.github/workflows/${workflow.file}@main` },
    ...{ run_number: number, event, head_branch: branch, head_sha: sha, actor: { login: actor } },
    ...{ status: stateOf(run), conclusion: conclusion ?? null, html_url: `${web}/${path}/actions/runs/${id}` },
    created_at: time(createdAt) ?? '',
    updated_at: time(endedAt ?? startedAt ?? createdAt) ?? '',
    run_started_at: time(startedAt ?? createdAt) ?? '',
  }
}

export function analysisOf({
  sha,
  tool,
  category = '',
  results,
  error = '',
  at,
}: AnalysisSpec): Part<Schemas['code-scanning-analysis']> {
  return {
    ...{ ref: 'refs/heads/main', commit_sha: sha, category, error, warning: '', created_at: time(at) ?? '' },
    ...{ results_count: results, rules_count: 20, tool: { name: tool, guid: null, version: '2.4.0' } },
  }
}

export function jobOf(web: string, { path }: RepositorySpec, run: RunSpec, job: JobSpec): Part<Schemas['job']> {
  const { id, name, startedAt, endedAt, conclusion } = job
  const status = stateOf(job)
  return {
    ...{ id, name, status: status === 'completed' || status === 'in_progress' ? status : 'queued' },
    ...{ conclusion: conclusion ?? null, html_url: `${web}/${path}/actions/runs/${run.id}/job/${id}` },
    started_at: time(startedAt) ?? '',
    completed_at: time(endedAt),
  }
}
