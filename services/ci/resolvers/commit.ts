import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { bySortKeys } from '#lib/order.ts'
import { sorted } from '#lib/page.ts'
import { provenanceOf } from '#lib/reading.ts'
import { type CommitEntry, commitOfId, gather, type Told } from '../commit.ts'
import type { Forges } from '../forges.ts'
import { pipelineRunEntry, runsNewestFirst } from '../pipeline-run.ts'
import type { CommitPart, CommitParts } from '../port.ts'
import { pullRequestEntry, pullRequestsNewestFirst } from '../pull-request.ts'
import type { CommitResolvers, Incomplete } from '../schema.generated.ts'
import { selects } from '../selection.ts'
import { ownShas } from '../where.ts'
import { dateTime } from './times.ts'

/** Fields of a pull request that need its reviews. */
const OF_REVIEWS = ['approvals', 'independentlyApproved']

/** `Commit`. */
export function commitResolvers(forges: Forges): CommitResolvers {
  /** What the first source that knows the commit says of it. */
  const identity = async (commit: CommitEntry, context: RequestContext) =>
    (await gather(forges, commit, 'commit', 'this commit', context)).told[0]

  /** What the first source says that tells; a failure has no other place than the query's errors. */
  async function first<P extends CommitPart>(commit: CommitEntry, part: P, context: RequestContext) {
    const { seen } = forges.placesOf(commit.address, context)
    const readings = await Promise.all(
      seen.map(({ forge, repository }) => forges.loaders(forge, context).part({ repository, sha: commit.sha }, part)),
    )
    const value: CommitParts[P] | undefined = readings.flatMap((reading) => reading.value ?? [])[0]
    const failure = readings.find((reading) => reading.value === undefined)?.failure
    if (value === undefined && failure) throw graphqlFailure(failure)
    return value
  }

  return {
    __resolveReference: ({ id, recordedShas }) => {
      const commit = commitOfId(id)
      return commit ? { ...commit, recordedShas: recordedShas ?? null } : null
    },
    itself: (commit) => commit,
    ownShas: async ({ id, recordedShas }, _, context) => ownShas(forges, id, recordedShas ?? [], context),
    message: async (commit, _, context) => (await identity(commit, context))?.value.message,
    author: async (commit, _, context) => (await identity(commit, context))?.value.author,
    authoredAt: async (commit, _, context) => dateTime((await identity(commit, context))?.value.authoredAt ?? null),
    webUrl: async (commit, _, context) => (await identity(commit, context))?.value.webUrl,
    provenance: async (commit, _, context) => {
      const told = await identity(commit, context)
      return told ? provenanceOf(told.place.forge.source, told.reading) : null
    },
    incomplete: async (commit, _, context) =>
      (await gather(forges, commit, 'commit', 'this commit', context)).incomplete,
    onProtectedBranch: async (commit, _, context) => (await first(commit, 'protection', context))?.onProtectedBranch,
    checkStatus: async (commit, _, context) => (await first(commit, 'checks', context))?.status,
    pullRequests: async (commit, _, context, info) => {
      const part = selects(info, ['nodes'], OF_REVIEWS) ? 'reviewedPullRequests' : 'pullRequests'
      const { told, incomplete } = await gather(forges, commit, part, 'its pull requests', context)
      const nodes = told.flatMap(({ place, value, reading }) =>
        value.pullRequests.map((record) => pullRequestEntry(place.forge, record, reading)),
      )
      return { nodes: sorted(nodes, pullRequestsNewestFirst), incomplete: [...incomplete, ...gapsOf(told)] }
    },
    scans: async (commit, _, context) => {
      const { told, incomplete } = await gather(forges, commit, 'scans', 'its scans', context)
      const nodes = told.flatMap(({ value }) => value.scans)
      return {
        nodes: nodes
          .toSorted((a, b) => bySortKeys([a.kind, a.name], [b.kind, b.name]))
          .map(({ finishedAt, ...scan }) => ({ ...scan, finishedAt: dateTime(finishedAt) })),
        incomplete: [...incomplete, ...gapsOf(told)],
      }
    },
    pipelineRuns: async (commit, _, context) => {
      const { told, incomplete } = await gather(forges, commit, 'runs', 'its CI runs', context)
      const nodes = told.flatMap(({ place, value, reading }) =>
        value.runs.map((record) => pipelineRunEntry(place.forge, record, reading)),
      )
      return { nodes: sorted(nodes, runsNewestFirst), incomplete: [...incomplete, ...gapsOf(told)] }
    },
  }
}

function gapsOf(told: readonly Told<CommitParts['runs' | 'pullRequests' | 'scans']>[]): Incomplete[] {
  return told.flatMap(({ place: { forge }, value: { gaps } }) =>
    gaps.map(({ reason, message }) => ({ source: forge.id, reason, message: `"${forge.id}" ${message}`, count: null })),
  )
}
