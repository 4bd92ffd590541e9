import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { provenanceOf } from '#lib/reading.ts'
import { independentlyApproved, standingApprovals, type WhoIs } from '../approval.ts'
import { keyOf } from '../forge.ts'
import type { Forges } from '../forges.ts'
import type { Lookups } from '../lookups.ts'
import type { ReviewList } from '../port.ts'
import type { PullRequestEntry } from '../pull-request.ts'
import type { PullRequestResolvers } from '../schema.generated.ts'
import { dateTime } from './times.ts'

/** `PullRequest`. */
export function pullRequestResolvers(forges: Forges, lookups: Lookups, whoIs: WhoIs): PullRequestResolvers {
  async function reviewsOf({ forge, record }: PullRequestEntry, context: RequestContext): Promise<ReviewList | null> {
    if (record.reviews) return record.reviews
    const { reviews } = forges.loaders(forge, context)
    const { value, failure } = await reviews.load(keyOf(record.repository, record.number))
    if (value === undefined && failure) throw graphqlFailure(failure)
    return value ?? null
  }

  return {
    __resolveReference: ({ id }, context) => lookups.pullRequest(id, context),
    number: ({ record }) => record.number,
    title: ({ record }) => record.title,
    state: ({ record }) => record.state,
    author: ({ record }) => record.author,
    createdAt: ({ record }) => dateTime(record.createdAt),
    mergedAt: ({ record }) => dateTime(record.mergedAt),
    mergedBy: async ({ id, record }, _, context) =>
      record.mergedBy === undefined ? (await lookups.pullRequest(id, context))?.record.mergedBy : record.mergedBy,
    targetBranch: ({ record }) => record.targetBranch,
    headSha: ({ record }) => record.headSha,
    approvals: async (pullRequest, _, context) => {
      const reviews = await reviewsOf(pullRequest, context)
      return reviews && standingApprovals(reviews).map(({ by, at, sha }) => ({ by, at: dateTime(at), sha }))
    },
    independentlyApproved: async (pullRequest, _, context) => {
      // Of one that is not merged, nothing needs to be asked.
      if (pullRequest.record.state !== 'MERGED') return null
      const reviews = await reviewsOf(pullRequest, context)
      return reviews && independentlyApproved(pullRequest.record, reviews, whoIs)
    },
    webUrl: ({ record }) => record.webUrl,
    provenance: ({ forge, reading }) => provenanceOf(forge.source, reading),
  }
}
