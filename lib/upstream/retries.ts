import type { Failed } from './failed.ts'
import type { Policy } from './policy.ts'

/** Decides on further attempts, for all requests of a source together. */
export interface Retries {
  /** A request begins. */
  begin(): void
  /** Milliseconds to wait before the next attempt; undefined when there shall be none. */
  wait(attempt: number, failure: Failed, remaining: number): number | undefined
}

/**
 * Exponential backoff with full jitter, or what `Retry-After` asks for, if that fits into the time that is left; within a
 * budget, so that a source which fails everybody does not get a multiple of its usual load. cockatiel and undici retry
 * too: the former has no budget and decides before the wait is known, the latter resumes with ranges and cannot tell a
 * request's time limit.
 */
export function createRetries({ most, base, share, minimum, window }: Policy['retries']): Retries {
  let [since, requests, retries] = [performance.now(), 0, 0]

  const turn = () => {
    if (performance.now() - since >= window) [since, requests, retries] = [performance.now(), 0, 0]
  }

  return {
    begin: () => {
      turn()
      requests++
    },
    wait: (attempt, { again, error }, remaining) => {
      turn()
      if (!again || attempt > most) return undefined
      const backoff = Math.random() * base * 2 ** (attempt - 1)
      const wait = Math.max((error.retryAfterSeconds ?? 0) * 1_000, backoff)
      if (wait >= remaining || retries >= Math.max(minimum, share * requests)) return undefined
      retries++
      return wait
    },
  }
}
