import type { z } from 'zod'
import { safeLink } from '#lib/address.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { Answers, CommitAnswer, CommitPart, CommitQuestion, ProtectionRecord, ScanList } from '../port.ts'
import { settled } from '../reading.ts'
import type { Reported } from '../scans.ts'
import type { Api } from './api.ts'
import { pullRequestsOf } from './pulls.ts'
import { commitOf, statusOf } from './records.ts'
import { runsOf } from './runs.ts'
import * as wire from './wire.ts'

/**
 * What is asked of commits: pull requests and runs by one list for each repository, everything else by one request for
 * each commit, since Gitea knows no batch.
 */
export function createCommits(api: Api, web: string, pick: (reported: readonly Reported[]) => ScanList) {
  return async (asked: readonly CommitQuestion[], call: UpstreamCall): Answers<CommitAnswer> => {
    const repositories = [...Map.groupBy(asked, ({ repository }) => repository)]
    const readers = new Map(
      repositories.map(([repository, questions]) => [
        repository,
        readRepository({ api, web, pick }, repository, questions, call),
      ]),
    )
    return Promise.all(asked.map(async (question) => (await readers.get(question.repository)?.(question)) ?? null))
  }
}

/** Starts everything that is asked of one repository; what comes back answers each question. */
function readRepository(
  { api, web, pick }: { api: Api; web: string; pick: (reported: readonly Reported[]) => ScanList },
  repository: string,
  questions: readonly CommitQuestion[],
  call: UpstreamCall,
) {
  const path = `/repos/${repositoryPath(repository)}`
  const wanting = (...parts: readonly CommitPart[]) =>
    questions.filter((question) => parts.some((part) => question.parts.has(part))).map(({ sha }) => sha)
  const query = { stat: 'false', files: 'false', verification: 'false' }
  const commit = once((sha: string) => api.ask(`${path}/git/commits/${sha}`, wire.commit, call, query))
  const exists = async (sha: string) => (await commit(sha)) !== null
  const pulls = pullRequestsOf(api, { repository, shas: wanting('pullRequests', 'reviewedPullRequests'), exists }, call)
  const runs = runsOf(api, repository, wanting('runs'), call)
  const branch = once((of: string) => protectedBranch(api, of, call))

  const statuses = once((sha: string) => api.ask(`${path}/commits/${sha}/status`, wire.combinedStatus, call, STATUSES))
  const scans = async (sha: string): Promise<ScanList | null> => {
    const found = await statuses(sha)
    return found && scansOf(found, web, pick)
  }
  const checks = async (sha: string) => {
    const found = await statuses(sha)
    return found && { status: found.state === null ? null : statusOf(found.state) }
  }
  const protection = async (sha: string): Promise<ProtectionRecord | null> => {
    const { name, isProtected } = await branch(path)
    if (name === null || !isProtected) return { onProtectedBranch: isProtected }
    // Commits that the second has and the first has not: none, when the branch holds it.
    const range = encodeURIComponent(`${name}...${sha}`)
    const found = await api.ask(`${path}/compare/${range}`, wire.comparison, call)
    return found && { onProtectedBranch: found.total_commits === 0 }
  }

  return async ({ sha, parts }: CommitQuestion): Promise<CommitAnswer> => {
    const answer = async <T>(part: CommitPart, work: () => Promise<T>) =>
      parts.has(part) ? { [part]: await settled(work()) } : {}
    const parted = await Promise.all([
      answer('commit', async () => {
        const found = await commit(sha)
        return found && commitOf(found)
      }),
      answer('checks', () => checks(sha)),
      answer('scans', () => scans(sha)),
      answer('protection', () => protection(sha)),
      answer('pullRequests', () => pulls(sha)),
      // Reviews are told by pull request only.
      answer('reviewedPullRequests', () => pulls(sha)),
      answer('runs', () => runs(sha)),
    ])
    return Object.assign({}, ...parted)
  }
}

/** As many as a server gives by default at most. */
const STATUSES = { limit: 50 }

function scansOf(
  { statuses, total_count: count }: z.output<typeof wire.combinedStatus>,
  web: string,
  pick: (reported: readonly Reported[]) => ScanList,
): ScanList {
  const reported = statuses.map(({ context: name, status, description: summary, target_url, updated_at }) => {
    return {
      name,
      app: null,
      summary,
      status: statusOf(status),
      finishedAt: updated_at,
      webUrl: linkOf(target_url, web),
    }
  })
  const { scans, gaps } = pick(reported)
  const message = 'has more statuses of this commit than were read, so that a scan may be missing.'
  return { scans, gaps: (count ?? 0) > statuses.length ? [...gaps, { reason: 'TRUNCATED', message }] : gaps }
}

/** Gitea's own Actions write the path of their page alone, from the root of the host; whoever else reports, an address. */
function linkOf(target: string | null, web: string): string | null {
  if (target === null || !URL.canParse(target, web)) return null
  return safeLink(new URL(target, web).href)
}

async function protectedBranch(api: Api, path: string, call: UpstreamCall) {
  const { default_branch: name } = (await api.ask(path, wire.repository, call)) ?? { default_branch: null }
  if (name === null) return { name, isProtected: null }
  const branch = await api.ask(`${path}/branches/${encodeURIComponent(name)}`, wire.branch, call)
  return { name, isProtected: branch?.protected ?? null }
}

/** Asks once for each key. */
function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (key) => {
    const known = asked.get(key) ?? ask(key)
    asked.set(key, known)
    return known
  }
}
