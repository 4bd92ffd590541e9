import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { Answers, CommitAnswer, CommitPart, CommitQuestion, ProtectionRecord, ScanList } from '../port.ts'
import { settled } from '../reading.ts'
import type { Reported } from '../scans.ts'
import { createAnalyses } from './analyses.ts'
import type { Api, Found } from './api.ts'
import { type Fragment, ownerAndName } from './documents.ts'
import { answerOf } from './records.ts'
import * as wire from './wire.ts'

/** The fragment that answers a part, and the field in its answer that a failure is about. */
const BY_GRAPHQL: Partial<Record<CommitPart, { readonly fragment: Fragment; readonly field: string }>> = {
  commit: { fragment: 'Identity', field: 'author' },
  checks: { fragment: 'Checks', field: 'statusCheckRollup' },
  scans: { fragment: 'Scans', field: 'scans' },
  pullRequests: { fragment: 'PullRequests', field: 'pullRequests' },
  reviewedPullRequests: { fragment: 'ReviewedPullRequests', field: 'reviewed' },
  runs: { fragment: 'Runs', field: 'checkSuites' },
  // Protection is told by REST: GraphQL wants more rights for it.
}

/** Everything that is asked of commits but protection by one GraphQL request for 50 of them, of whatever repositories. */
export function createCommits(api: Api, pick: (reported: readonly Reported[]) => ScanList) {
  return async (asked: readonly CommitQuestion[], call: UpstreamCall): Answers<CommitAnswer> => {
    const items = asked.map(({ repository, sha, parts }) => {
      const fragments = [...parts].flatMap((part) => BY_GRAPHQL[part]?.fragment ?? [])
      return { ...ownerAndName(repository), lookup: 'commit' as const, value: sha, fragments }
    })
    // GitHub has SHA-1 only, and one value that is none would cost all others their answer.
    const byGraphql = items.filter(({ fragments, value }) => fragments.length > 0 && value.length === 40)
    const protection = createProtection(api, call)
    const analysed = createAnalyses(api, call)
    const [objects, protections] = await Promise.all([
      api.objects(byGraphql, wire.commit, call),
      Promise.all(
        asked.map(async (question) =>
          question.parts.has('protection') ? settled(protection(question.repository, question.sha)) : undefined,
        ),
      ),
    ])
    const found = new Map(byGraphql.map((item, i) => [item, objects[i] ?? null]))
    return Promise.all(
      asked.map(async (question, i) => {
        const item = items[i]
        const told = protections[i]
        const answer = partsOf(question, (item && found.get(item)) ?? null, pick)
        const { scans } = answer
        // Of a commit that there is not, there is nothing more to know.
        const more = scans && !(scans instanceof Error) && analysed(question.repository, question.sha, scans)
        return { ...answer, ...(more && { scans: await more }), ...(told !== undefined && { protection: told }) }
      }),
    )
  }
}

/** The parts that were asked for of what GraphQL answered: each by itself can have failed. */
function partsOf(
  { repository, sha, parts }: CommitQuestion,
  object: Found<wire.WireCommit> | null | Error,
  pick: (reported: readonly Reported[]) => ScanList,
): CommitAnswer {
  const answer = object === null || object instanceof Error ? undefined : answerOf(repository, sha, object.value, pick)
  const asked = [...parts].flatMap((part) => {
    const field = BY_GRAPHQL[part]?.field
    if (field === undefined) return []
    if (object === null || object instanceof Error) return [[part, object]]
    return [[part, object.failed.get(field) ?? answer?.[part] ?? null]]
  })
  return Object.fromEntries(asked)
}

/** Whether commits are on their repository's default branch, if that is protected: the branch is asked for once. */
function createProtection(api: Api, call: UpstreamCall) {
  const branches = new Map<string, Promise<{ name: string | null; isProtected: boolean | null }>>()

  async function defaultBranch(path: string) {
    const { default_branch: name } = (await api.rest(path, wire.repository, call)) ?? { default_branch: null }
    if (name === null) return { name, isProtected: null }
    const branch = await api.rest(`${path}/branches/${encodeURIComponent(name)}`, wire.branch, call)
    return { name, isProtected: branch?.protected ?? null }
  }

  return async (repository: string, sha: string): Promise<ProtectionRecord | null> => {
    const path = `/repos/${repositoryPath(repository)}`
    const asked = branches.get(path) ?? defaultBranch(path)
    branches.set(path, asked)
    const { name, isProtected } = await asked
    if (name === null || !isProtected) return { onProtectedBranch: isProtected }
    const range = encodeURIComponent(`${name}...${sha}`)
    const found = await api.rest(`${path}/compare/${range}`, wire.comparison, call, { per_page: 1 })
    return found && { onProtectedBranch: found.status === 'behind' || found.status === 'identical' }
  }
}
