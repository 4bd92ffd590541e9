import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** By how much timers were late, in seconds. */
export interface EventLoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/** Milliseconds between two looks; Node counts them as delay. */
const RESOLUTION = 20
/** Milliseconds that a measurement covers at least. */
const WINDOW = 1_000

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION })
let since = Number.NEGATIVE_INFINITY
let last: EventLoopDelay = { mean: 0, p99: 0, max: 0 }

/** The delay since somebody last asked, or in the second before that. Measuring begins with the first question. */
export function eventLoopDelay(): EventLoopDelay {
  const now = performance.now()
  if (now - since < WINDOW) return last
  if (histogram.count > 0) {
    const { mean, max } = histogram
    last = { mean: seconds(mean), p99: seconds(histogram.percentile(99)), max: seconds(max) }
  }
  histogram.enable()
  histogram.reset()
  since = now
  return last
}

const seconds = (nanoseconds: number) => Math.max(nanoseconds / 1e6 - RESOLUTION, 0) / 1_000
