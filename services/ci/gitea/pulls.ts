import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { PullRequestList } from '../port.ts'
import type { Api } from './api.ts'
import { pullRequestOf } from './records.ts'
import { pull, pulls, type WirePull } from './wire.ts'

/** Pages of pull requests that are read of a repository, those that changed last first. */
const MAX_PAGES = 5

/**
 * The pull requests that commits of a repository came in by: by one list, in which their heads and merge commits are looked
 * up. `/commits/{sha}/pull` knows merge commits only (1.26), so it is asked for those that are not on the first page.
 */
export function pullRequestsOf(
  api: Api,
  { repository, shas, exists }: { repository: string; shas: readonly string[]; exists(sha: string): Promise<boolean> },
  call: UpstreamCall,
): (sha: string) => Promise<PullRequestList | null> {
  const path = `/repos/${repositoryPath(repository)}`
  const listed: WirePull[] = []
  let [pages, whole] = [0, false]
  const known = (sha: string) => listed.filter((one) => one.head.sha === sha || one.merge_commit_sha === sha)
  const missing = () => shas.filter((sha) => known(sha).length === 0)

  async function nextPage(): Promise<void> {
    const limit = await api.pageSize(call)
    pages++
    const page = await api.ask(`${path}/pulls`, pulls, call, { state: 'all', sort: 'recentupdate', limit, page: pages })
    listed.push(...(page ?? []))
    whole = (page ?? []).length < limit
  }

  async function readAll(): Promise<void> {
    await nextPage()
    if (!whole) {
      const merged = await Promise.all(missing().map((sha) => api.ask(`${path}/commits/${sha}/pull`, pull, call)))
      listed.push(...merged.flatMap((one) => one ?? []))
    }
    while (!whole && pages < MAX_PAGES && missing().length > 0) await nextPage()
  }

  const reading = shas.length > 0 ? readAll() : Promise.resolve()
  // Whoever asks for a commit is told.
  reading.catch(() => {})

  return async (sha) => {
    await reading
    const found = new Map(known(sha).map((one) => [one.number, pullRequestOf(repository, one)]))
    if (found.size > 0) return { pullRequests: [...found.values()], gaps: [] }
    if (!(await exists(sha))) return null
    return { pullRequests: [], gaps: [whole ? NEITHER : older(repository)] }
  }
}

const NEITHER = {
  reason: 'UNSUPPORTED',
  message:
    'has no pull request of which this commit is the head or the merge; one that it is in the middle of cannot be found.',
} as const

const older = (repository: string) =>
  ({
    reason: 'TRUNCATED',
    message: `has more pull requests of ${repository} than were read, so an older one may have brought this commit.`,
  }) as const
