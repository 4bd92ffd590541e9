import { BrokenCircuitError, CircuitState, CountBreaker, circuitBreaker, handleWhenResult } from 'cockatiel'
import type { UpstreamError } from './error.ts'
import type { Outcome } from './exchange.ts'
import { failed } from './failed.ts'
import type { Policy } from './policy.ts'
import { duration } from './words.ts'

/** Leaves a source alone for a while that mostly failed. */
export interface Breaker {
  /** Makes an attempt. Throws a refusal while the source is left alone. */
  attempt(work: () => Promise<Outcome>): Promise<Outcome>
  /** Why there would be no attempt now; undefined when there would be one. */
  refusal(): UpstreamError | undefined
  /** closed: the source is asked; open: it is left alone; half-open: the next request is a trial, or under way. */
  state(): 'closed' | 'half-open' | 'open'
}

/**
 * Counts failures that tell of an ill source against all other answers; what is thrown counts as neither, since it means
 * that nobody waits any more. After the pause one request tries, and those that come meanwhile wait for its outcome.
 */
export function createBreaker(source: string, { size, minimum, threshold, pause }: Policy['breaker']): Breaker {
  // A trial that nobody waited for has proved nothing; cockatiel would take the error for a sign of health.
  const handled = handleWhenResult(isIll).orWhen(() => circuit.state === CircuitState.HalfOpen)
  const circuit = circuitBreaker(handled, {
    breaker: new CountBreaker({ size, minimumNumberOfCalls: minimum, threshold }),
    halfOpenAfter: pause,
  })
  let opened = 0
  circuit.onBreak(() => {
    opened = Date.now()
  })
  const left = () => Math.max(opened + pause - Date.now(), 0)

  return {
    attempt: async (work) => {
      try {
        return await circuit.execute(work)
      } catch (error) {
        throw error instanceof BrokenCircuitError ? refused(source, left()) : error
      }
    },
    state: () => (circuit.state === CircuitState.Closed ? 'closed' : left() > 0 ? 'open' : 'half-open'),
    refusal: () => (circuit.state === CircuitState.Open && left() > 0 ? refused(source, left()) : undefined),
  }
}

function isIll(outcome: unknown): boolean {
  const result = outcome as Outcome
  return 'failed' in result && result.failed.ill
}

function refused(source: string, left: number): UpstreamError {
  const message = `failed too often lately and is left alone: it will be tried again in ${duration(left)}.`
  return failed(source, { reason: 'DOWN', message, retryAfterSeconds: Math.ceil(left / 1_000) }).error
}
