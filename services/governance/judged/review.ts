import type { Config } from '#lib/config/schema.ts'
import type { ReviewState, Risk } from '../schema.generated.ts'
import type { Statement } from './statements.ts'

/** Kinds of statements that are reviews. */
const REVIEWS = ['REVIEW', 'VALIDATION']

const DAY = 86_400_000

/** Where a model stands in its reviews, by its tier and what people recorded on it and its champion. */
export function reviewOf(
  { tier, incomplete }: Pick<Risk, 'tier' | 'incomplete'>,
  statements: readonly Statement[],
  cadence: Config['governance']['reviews'],
  now: Date,
): ReviewState {
  const own = statements.filter(({ kind }) => REVIEWS.includes(kind))
  const [last] = own.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const lastAt = last?.at ?? null
  const everyDays = cadence.find((one) => one.tier === tier)?.everyDays ?? null
  if (tier === null || tier === undefined) {
    return { state: 'UNKNOWN', everyDays, lastAt, dueAt: null, incomplete }
  }
  if (everyDays === null) return { state: 'NOT_REQUIRED', everyDays, lastAt, dueAt: null, incomplete: [] }
  if (!last) return { state: 'NEVER_REVIEWED', everyDays, lastAt, dueAt: null, incomplete: [] }
  const expires = last.expiresAt ? Date.parse(last.expiresAt) : Number.POSITIVE_INFINITY
  const dueAt = Math.min(Date.parse(last.at) + everyDays * DAY, expires)
  const state = dueAt > now.getTime() ? 'CURRENT' : 'OVERDUE'
  return { state, everyDays, lastAt, dueAt: new Date(dueAt).toISOString(), incomplete: [] }
}
