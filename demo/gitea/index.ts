import type { CommitSpec, ForgeData, RepositorySpec } from '../forge/spec.ts'
import { stateOf } from '../forge/spec.ts'
import { type Handler, type ListenOptions, listen, type Reply, type StandIn } from '../stand-in.ts'
import {
  branchOf,
  changedAt,
  combinedOf,
  commitOf,
  defaultBranch,
  jobOf,
  type Place,
  pullOf,
  repositoryOf,
  reviewsOf,
  runOf,
} from './wire.ts'

export interface GiteaOptions extends ListenOptions {
  readonly data: ForgeData
  /** Address in the links that it gives (its ROOT_URL). Default: the one it is asked by. */
  readonly webUrl?: string
  /** The only token that it takes; without one, everything is shown to everybody. */
  readonly token?: string
  /** `max_response_items`: 50 when absent. */
  readonly maxItems?: number
}

/** Starts a stand-in of Gitea 1.26.0 that answers what reads commits, pull requests and CI runs, as recorded. */
export function startGitea(options: GiteaOptions): Promise<StandIn> {
  return listen(handler(options), options)
}

type Query = URLSearchParams
type Pager = <T>(items: readonly T[]) => { items: readonly T[]; headers: Record<string, string> }

function handler({ data, webUrl, token, maxItems = 50 }: GiteaOptions): Handler {
  return (request) => {
    const root = webUrl ?? `http://${request.headers.host}`
    const problem = { url: `${root}/api/swagger` }
    const notFound = (message = 'not found') => json(404, { message, ...problem })
    const url = new URL(request.path, 'http://gitea')
    const path = url.pathname.replace(/^\/api\/v1\//, '')
    const given = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined && given !== undefined && given !== token) {
      return json(401, { message: 'invalid username, password or token', ...problem })
    }
    if (path === 'version') return json(200, { version: '1.26.0' })
    if (path === 'settings/api') return json(200, { max_response_items: maxItems, default_paging_num: 30 })
    const [, owner = '', name = '', ...rest] = path.split('/').map(decodeURIComponent)
    const repository = data.repositories.find((one) => one.path.toLowerCase() === `${owner}/${name}`.toLowerCase())
    if (!path.startsWith('repos/') || !repository || (token !== undefined && given === undefined)) return notFound()
    const reply = answer({ root, repository }, rest, url.searchParams, pager(root, url, maxItems))
    return typeof reply === 'string' ? notFound(reply) : (reply ?? notFound())
  }
}

function answer(place: Place, rest: readonly string[], query: Query, page: Pager): Reply | string | undefined {
  const { repository } = place
  const { commits, pulls = [], runs = [] } = repository
  const [kind = '', key = '', last = '', further = ''] = rest
  const list = <T>(items: readonly T[]) => {
    const { items: shown, headers } = page(items)
    return json(200, shown, headers)
  }
  if (kind === '') return json(200, repositoryOf(place))
  if (kind === 'branches') return key === defaultBranch(repository) ? json(200, branchOf(place)) : undefined
  if (kind === 'git' && key === 'commits') {
    const commit = byBeginning(commits, last)
    return commit ? json(200, commitOf(place, commit)) : `commit doesn't exist: ${last}`
  }
  if (kind === 'commits' && last === 'status') {
    const combined = combinedOf(place, key)
    const headers = { 'x-total-count': String(combined.total_count) }
    return commits.some(({ sha }) => sha === key) ? json(200, combined, headers) : undefined
  }
  if (kind === 'commits' && last === 'pull') {
    // Finds a pull request by its merge commit only.
    const pull = pulls.find(({ merged }) => merged?.commit === key)
    return pull ? json(200, pullOf(place, pull, { alone: true })) : NO_PULL
  }
  if (kind === 'compare') return compare(place, key)
  if (kind === 'pulls' && key === '') {
    const state = query.get('state') ?? 'open'
    const fitting = pulls.filter(
      ({ merged, closed }) => state === 'all' || (state === 'closed') === !!(merged || closed),
    )
    const sorted = fitting.toSorted((a, b) => changedAt(b) - changedAt(a))
    return list(sorted.map((pull) => pullOf(place, pull, { alone: false })))
  }
  if (kind === 'pulls') {
    const pull = pulls.find(({ number }) => String(number) === key)
    if (!pull) return undefined
    return last === 'reviews' ? list(reviewsOf(pull)) : json(200, pullOf(place, pull, { alone: true }))
  }
  if (kind === 'actions' && key === 'runs' && last === '') return listRuns(place, query, page)
  if (kind === 'actions' && key === 'runs') {
    const run = runs.find(({ id }) => String(id) === last)
    if (!run) return undefined
    if (further !== 'jobs') return json(200, runOf(place, run))
    const jobs = run.jobs ?? []
    const { items, headers } = page(jobs)
    return json(200, { jobs: items.map((job) => jobOf(place, run, job)), total_count: jobs.length }, headers)
  }
  return undefined
}

const NO_PULL =
  'pull request does not exist [id: 0, issue_id: 0, head_repo_id: 0, base_repo_id: 1, head_branch: , base_branch: ]'

const STATUSES = ['requested', 'pending', 'queued', 'in_progress', 'failure', 'success', 'skipped']

function listRuns(place: Place, query: Query, page: Pager): Reply {
  const [status, sha] = [query.get('status'), query.get('head_sha')]
  if (status !== null && !STATUSES.includes(status)) {
    return json(400, { message: `Invalid status ${status}`, url: `${place.root}/api/swagger` })
  }
  const fitting = (place.repository.runs ?? [])
    // A part of a SHA fits none.
    .filter((run) => sha === null || run.sha === sha)
    .filter((run) => status === null || [run.conclusion, stateOf(run)].includes(status))
    .toSorted((a, b) => b.id - a.id)
  const { items, headers } = page(fitting)
  return json(200, { workflow_runs: items.map((run) => runOf(place, run)), total_count: fitting.length }, headers)
}

/** What the second has and the first has not; here, a branch has all that is on it, and a commit what is not later. */
function compare({ repository }: Place, range: string): Reply | undefined {
  const [base = '', head = ''] = range.split('...')
  const { commits } = repository
  const of = (ref: string) =>
    ref === defaultBranch(repository) ? onDefault(repository).at(-1) : commits.find(({ sha }) => sha === ref)
  const [first, second] = [of(base), of(head)]
  if (!first || !second) return undefined
  const own =
    second.onDefaultBranch === false
      ? [second]
      : onDefault(repository).filter(({ at }) => at > first.at && at <= second.at)
  return json(200, { total_commits: own.length, commits: own.toReversed().map(({ sha }) => ({ sha })) })
}

const onDefault = ({ commits }: RepositorySpec): readonly CommitSpec[] =>
  commits.filter(({ onDefaultBranch = true }) => onDefaultBranch).toSorted((a, b) => a.at - b.at)

/** As `git rev-parse`: a beginning that several have names none. */
function byBeginning(commits: readonly CommitSpec[], beginning: string): CommitSpec | undefined {
  const [only, ...others] = commits.filter(({ sha }) => sha.startsWith(beginning))
  return others.length === 0 ? only : undefined
}

/** Pages with `X-Total-Count`, and `Link` where there are several. */
function pager(root: string, url: URL, maximum: number): Pager {
  return (items) => {
    const limit = Math.min(Number(url.searchParams.get('limit') ?? 30), maximum)
    const page = Number(url.searchParams.get('page') ?? 1)
    const last = Math.max(Math.ceil(items.length / limit), 1)
    const link = (to: number, rel: string) => {
      const query = new URLSearchParams(url.searchParams)
      query.set('page', String(to))
      query.sort()
      return `<${root}${url.pathname}?${query}>; rel="${rel}"`
    }
    const links = [
      ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
      ...(page > 1 ? [link(1, 'first'), link(page - 1, 'prev')] : []),
    ]
    return {
      items: items.slice((page - 1) * limit, page * limit),
      headers: { 'x-total-count': String(items.length), ...(links.length > 0 && { link: links.join(',') }) },
    }
  }
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}
