import { UpstreamError, type UpstreamReason } from '#lib/upstream/error.ts'
import { isTimeout } from '#lib/upstream/limit.ts'
import { instruments, SECONDS } from './instruments.ts'

/** How a request to a source ended. CANCELLED: nobody waited any more. LEFT_ALONE: it was not sent, since the source failed too often. */
type Ending = 'ok' | UpstreamReason | 'CANCELLED' | 'LEFT_ALONE'

const measures = instruments((meter) => ({
  requests: meter.createCounter('modelops.upstream.requests', {
    description:
      'Requests to a source by how they ended; one that joined an identical request is not counted. An answer that turns out to be no JSON is counted as BAD_RESPONSE, too.',
  }),
  retries: meter.createCounter('modelops.upstream.retries', {
    description: 'Further attempts of requests to a source.',
  }),
  attempt: meter.createHistogram('modelops.upstream.attempt.duration', {
    description: 'Time until a source had answered or failed, without waiting for its turn.',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  }),
}))

/** Counts a request to a source. */
export function countEnding(source: string, outcome: Ending): void {
  measures().requests.add(1, { source, outcome })
}

/** Makes a request and counts how it ends. */
export async function countRequest<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work()
    countEnding(source, 'ok')
    return answer
  } catch (error) {
    countEnding(source, endingOf(error))
    throw error
  }
}

/** Takes note of an attempt that took so many milliseconds. `number`: 1 is the first. */
export function measureAttempt(source: string, number: number, milliseconds: number): void {
  if (number > 1) measures().retries.add(1, { source })
  measures().attempt.record(milliseconds / 1_000, { source })
}

function endingOf(error: unknown): Ending {
  if (error instanceof UpstreamError) return error.reason
  return isTimeout(error) ? 'TIMEOUT' : 'CANCELLED'
}
