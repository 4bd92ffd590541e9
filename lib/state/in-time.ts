import type { RequestContext } from '../context.ts'
import { StateError } from './error.ts'

/**
 * What the state answers within the time of a request; later, a StateError. What was begun goes on: a state that hangs must not
 * take the rest of the answer with it. `most`: milliseconds, where less than all of the time will do.
 */
export async function inTime<T>(
  { signal }: Pick<RequestContext, 'signal'>,
  work: () => Promise<T>,
  most?: number,
): Promise<T> {
  const over = Promise.withResolvers<never>()
  const late = () => over.reject(new StateError('STATE_UNAVAILABLE', LATE))
  const timer = most === undefined ? undefined : setTimeout(late, most)
  signal.addEventListener('abort', late, { once: true })
  if (signal.aborted) late()
  try {
    return await Promise.race([over.promise, work()])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', late)
    // Nobody may be waiting for it any more.
    over.promise.catch(() => {})
  }
}

const LATE =
  'The state (attestations, waivers, use cases, gate decisions, observations) did not answer in the time that there was: what was to be read of it is missing here, and what was to be recorded may be or not. Ask again in a moment, with the same Idempotency-Key.'
