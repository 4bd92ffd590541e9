import type { ForgeData, RepositorySpec } from '../forge/spec.ts'
import { type Handler, type ListenOptions, listen, type Reply, type StandIn } from '../stand-in.ts'
import { answer, type Budget } from './graphql.ts'
import { analysisOf, branchOf, comparisonOf, defaultBranch, jobOf, repositoryOf, runOf } from './wire.ts'

export interface GithubOptions extends ListenOptions {
  readonly data: ForgeData
  /** Address of its pages. Default: the one it is asked by. */
  readonly webUrl?: string
  /** The only token that it takes; without one, everybody may ask. */
  readonly token?: string
  /** What is left of the hour's budgets. null, the default: it has no limits, as most Enterprise servers. */
  readonly budget?: Budget | null
  /** Refuses everything but `/rate_limit`: the ways in which GitHub does. */
  readonly limited?: 'primary' | 'secondary' | 'secondary as 403'
}

/**
 * Starts a stand-in of GitHub, API version 2022-11-28: its REST API at `/` and at `/api/v3`, GraphQL at `/graphql` and at
 * `/api/graphql`, as api.github.com and an Enterprise server have them.
 */
export function startGithub(options: GithubOptions): Promise<StandIn> {
  return listen(handler(options), options)
}

function handler({ data, webUrl, token, budget = null, limited }: GithubOptions): Handler {
  return (request) => {
    const web = webUrl ?? `http://${request.headers.host}`
    const url = new URL(request.path, 'http://github')
    const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api\/graphql$/, '/graphql')
    const given = request.headers.authorization
    if (token !== undefined && given !== undefined && given !== `Bearer ${token}`) {
      return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' })
    }
    if (path === '/rate_limit')
      return budget ? json(200, limits(budget)) : problem(404, 'Rate limiting is not enabled.')
    if (limited) return refused(limited, budget)
    if (path === '/meta') return json(200, { installed_version: '3.17.0' })
    if (path === '/graphql')
      return json(200, answer({ web, repositories: data.repositories, budget }, JSON.parse(request.body)))

    const [, kind, owner, name, ...rest] = path.split('/').map(decodeURIComponent)
    const repository = data.repositories.find((one) => one.path.toLowerCase() === `${owner}/${name}`.toLowerCase())
    if (kind !== 'repos' || !repository || (token !== undefined && given === undefined))
      return problem(404, 'Not Found')
    const [what = '', key = '', id = '', part = ''] = rest
    if (what === '') return json(200, repositoryOf(repository))
    if (what === 'branches' && key === defaultBranch(repository)) return json(200, branchOf(repository))
    if (what === 'compare') {
      const [base, head = ''] = key.split('...')
      const comparison = base === defaultBranch(repository) ? comparisonOf(repository, head) : undefined
      return comparison ? json(200, comparison) : problem(404, 'Not Found')
    }
    if (what === 'code-scanning' && key === 'analyses') return analyses(repository, url)
    if (what !== 'actions' || key !== 'runs') return problem(404, 'Not Found')
    const runs = repository.runs ?? []
    if (id === '') {
      const sha = url.searchParams.get('head_sha')
      const fitting = runs
        .filter((run) => sha === null || run.sha === sha)
        .toSorted((a, b) => b.createdAt - a.createdAt)
      const shown = fitting.slice(0, Number(url.searchParams.get('per_page') ?? 30))
      return json(200, { total_count: fitting.length, workflow_runs: shown.map((run) => runOf(web, repository, run)) })
    }
    const run = runs.find((one) => String(one.id) === id)
    if (!run) return problem(404, 'Not Found')
    if (part !== 'jobs') return json(200, runOf(web, repository, run))
    const jobs = run.jobs ?? []
    return json(200, { total_count: jobs.length, jobs: jobs.map((job) => jobOf(web, repository, run, job)) })
  }
}

function analyses(repository: RepositorySpec, url: URL): Reply {
  const { analyses: all } = repository
  if (all === 'forbidden') return problem(403, 'Resource not accessible by personal access token')
  if (all === undefined) {
    return problem(
      403,
      'Code scanning is not enabled for this repository. Please enable code scanning in the repository settings.',
    )
  }
  if (all.length === 0) return problem(404, 'no analysis found')
  const shown = all.slice(0, Number(url.searchParams.get('per_page') ?? 30))
  return json(200, shown.map(analysisOf))
}

function limits({ limit, remaining, resetAt }: Budget) {
  const budget = { limit, used: limit - remaining, remaining, reset: Math.floor(resetAt / 1_000) }
  return { resources: { core: budget, graphql: budget }, rate: budget }
}

function refused(limited: NonNullable<GithubOptions['limited']>, budget: Budget | null): Reply {
  const documentation_url = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api'
  if (limited !== 'primary') {
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    const about = `${documentation_url}#about-secondary-rate-limits`
    return limited === 'secondary'
      ? json(429, { message, documentation_url: about }, { 'retry-after': '60' })
      : json(403, { message, documentation_url: about })
  }
  const message = 'API rate limit exceeded for user ID 1.'
  const headers = {
    'x-ratelimit-limit': String(budget?.limit ?? 5_000),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.floor((budget?.resetAt ?? 0) / 1_000)),
    'x-ratelimit-resource': 'core',
  }
  return json(403, { message, documentation_url, status: '403' }, headers)
}

function problem(status: number, message: string): Reply {
  return json(status, { message, status: String(status) })
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}
