import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { Answers, CommitAnswer, CommitPart, CommitQuestion, ProtectionRecord } from '../port.ts'
import { settled } from '../reading.ts'
import type { Api } from './api.ts'
import { pullRequestsOf } from './pulls.ts'
import { commitOf, statusOf } from './records.ts'
import { runsOf } from './runs.ts'
import * as wire from './wire.ts'

/**
 * What is asked of commits: pull requests and runs by one list for each repository, everything else by one request for
 * each commit, since Gitea knows no batch.
 */
export function createCommits(api: Api) {
  return async (asked: readonly CommitQuestion[], call: UpstreamCall): Answers<CommitAnswer> => {
    const repositories = [...Map.groupBy(asked, ({ repository }) => repository)]
    const answers = await Promise.all(
      repositories.map(async ([repository, questions]) => {
        const of = await readRepository(api, repository, questions, call)
        return questions.map((question) => [question, of(question)] as const)
      }),
    )
    const found = new Map(answers.flat())
    return Promise.all(asked.map(async (question) => (await found.get(question)) ?? null))
  }
}

/** Starts everything that is asked of one repository; what comes back answers each question. */
async function readRepository(api: Api, repository: string, questions: readonly CommitQuestion[], call: UpstreamCall) {
  const path = `/repos/${repositoryPath(repository)}`
  const wanting = (...parts: readonly CommitPart[]) =>
    questions.filter((question) => parts.some((part) => question.parts.has(part))).map(({ sha }) => sha)
  const pulls = pullRequestsOf(api, repository, wanting('pullRequests', 'reviewedPullRequests'), call)
  const runs = runsOf(api, repository, wanting('runs'), call)
  const branch = once(() => protectedBranch(api, path, call))

  const commit = async (sha: string) => {
    const query = { stat: 'false', files: 'false', verification: 'false' }
    const found = await api.ask(`${path}/git/commits/${sha}`, wire.commit, call, query)
    return found && commitOf(found)
  }
  const checks = async (sha: string) => {
    const found = await api.ask(`${path}/commits/${sha}/status`, wire.combinedStatus, call)
    return found && { status: found.state === null ? null : statusOf(found.state) }
  }
  const protection = async (sha: string): Promise<ProtectionRecord | null> => {
    const { name, isProtected } = await branch()
    if (name === null || !isProtected) return { onProtectedBranch: name === null ? null : false }
    // Commits that the second has and the first has not: none, when the branch holds it.
    const range = encodeURIComponent(`${name}...${sha}`)
    const found = await api.ask(`${path}/compare/${range}`, wire.comparison, call)
    return found && { onProtectedBranch: found.total_commits === 0 }
  }

  return async ({ sha, parts }: CommitQuestion): Promise<CommitAnswer> => {
    const answer = async <T>(part: CommitPart, work: () => Promise<T>) =>
      parts.has(part) ? { [part]: await settled(work()) } : {}
    const parted = await Promise.all([
      answer('commit', () => commit(sha)),
      answer('checks', () => checks(sha)),
      answer('protection', () => protection(sha)),
      answer('pullRequests', () => pulls(sha)),
      // Reviews are told by pull request only.
      answer('reviewedPullRequests', () => pulls(sha)),
      answer('runs', () => runs(sha)),
    ])
    return Object.assign({}, ...parted)
  }
}

async function protectedBranch(api: Api, path: string, call: UpstreamCall) {
  const { default_branch: name } = (await api.ask(path, wire.repository, call)) ?? { default_branch: null }
  if (name === null) return { name, isProtected: false }
  const branch = await api.ask(`${path}/branches/${encodeURIComponent(name)}`, wire.branch, call)
  return { name, isProtected: branch?.protected ?? false }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined
  return () => {
    started ??= work()
    return started
  }
}
