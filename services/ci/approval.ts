import type { Config } from '#lib/config/schema.ts'
import type { PullRequestRecord, ReviewList, ReviewRecord } from './port.ts'

/** Who a login is: two logins of one person or team are one. */
export type WhoIs = (login: string) => string

/** By the logins at forges that `people` lists; who is in no entry is told apart by login, whatever its case. */
export function createWhoIs(people: Config['people']): WhoIs {
  const known = new Map(
    people.flatMap(({ id, logins }) => logins.forge.map((login) => [login.toLowerCase(), `people:${id}`])),
  )
  return (login) => known.get(login.toLowerCase()) ?? `login:${login.toLowerCase()}`
}

/** The approvals that stood at a moment, or stand now: a reviewer's latest word counts. Oldest first. */
export function standingApprovals({ reviews }: ReviewList, until: number | null = null): readonly ReviewRecord[] {
  const latest = new Map<string, ReviewRecord>()
  for (const [i, review] of reviews.entries()) {
    if (until !== null && review.at !== null && review.at > until) continue
    // Accounts that are gone cannot be told apart.
    const reviewer = review.by?.toLowerCase() ?? `gone ${i}`
    latest.delete(reviewer)
    latest.set(reviewer, review)
  }
  return [...latest.values()].filter(({ verdict }) => verdict === 'APPROVED')
}

/**
 * Whether somebody else than the author had approved exactly what was merged, by the time it was merged. null: it was not
 * merged, or something that decides it is not known.
 */
export function independentlyApproved(
  { state, author, headSha, mergedAt }: PullRequestRecord,
  reviews: ReviewList,
  whoIs: WhoIs,
): boolean | null {
  if (state !== 'MERGED' || headSha === null) return null
  const standing = standingApprovals(reviews, mergedAt)
  const possible = standing.filter(({ sha }) => sha === headSha || sha === null)
  const isOther = ({ by }: ReviewRecord) => (by === null || author === null ? null : whoIs(by) !== whoIs(author))
  if (possible.some((review) => review.sha !== null && isOther(review) === true)) return true
  // Approved by an account that is gone, or of a commit that is: it may have been somebody else, and the head.
  if (possible.some((review) => isOther(review) !== false)) return null
  return reviews.truncated ? null : false
}
