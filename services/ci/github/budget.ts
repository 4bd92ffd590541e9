import { UpstreamError } from '#lib/upstream/error.ts'
import { duration } from '#lib/upstream/words.ts'

/** What GitHub says of a budget. */
interface BudgetState {
  /** Points that one hour has. */
  readonly limit: number
  readonly remaining: number
  /** Milliseconds since 1970. */
  readonly resetAt: number
}

/** One of the budgets that GitHub gives an account per hour, which everybody who uses the account draws on. */
export interface Budget {
  /** Throws an UpstreamError (RATE_LIMITED) where the next request would spend too fast. */
  check(): void
  learn(state: BudgetState): void
  /** What was spent since GitHub last told. */
  spent(points: number): void
  /** GitHub refused: nothing goes out before that moment, or for a minute where it is not known. */
  refused(resetAt?: number): UpstreamError
}

const WINDOW = 3_600_000
/** The share of an hour's budget that may go at once; the rest becomes free evenly over the hour. */
const AT_ONCE = 0.5
/** What GitHub asks for where it names no time. */
const PAUSE = 60_000

/** `now`: milliseconds since 1970. */
export function createBudget(source: string, name: string, now: () => number = Date.now): Budget {
  let state: BudgetState | undefined
  let closedUntil = 0

  const limited = (until: number, why: string): UpstreamError => {
    const left = Math.max(until - now(), 1_000)
    const message = `"${source}" ${why}: ask again in ${duration(left)} (${new Date(until).toISOString()}).`
    return new UpstreamError({
      ...{ source, reason: 'RATE_LIMITED', message },
      retryAfterSeconds: Math.ceil(left / 1_000),
    })
  }

  return {
    check() {
      if (now() < closedUntil) throw limited(closedUntil, `has used up its rate limit (${name})`)
      if (!state || now() >= state.resetAt || state.limit <= 0) return
      const { limit, remaining, resetAt } = state
      const used = 1 - remaining / limit
      const freeAt = resetAt - WINDOW * (1 - (used - AT_ONCE) / (1 - AT_ONCE))
      if (remaining <= 0) throw limited(resetAt, `has used up its rate limit (${name})`)
      if (used >= AT_ONCE && now() < freeAt) {
        throw limited(
          freeAt,
          `has used ${Math.round(used * 100)} % of its rate limit (${name}), and the rest is spread over the hour`,
        )
      }
    },
    learn: (told) => {
      state = told
    },
    spent: (points) => {
      if (state) state = { ...state, remaining: state.remaining - points }
    },
    refused: (resetAt) => {
      closedUntil = resetAt ?? state?.resetAt ?? 0
      if (closedUntil <= now()) closedUntil = now() + PAUSE
      return limited(closedUntil, `has used up its rate limit (${name})`)
    },
  }
}
