import type { ServerResponse } from 'node:http'

/** The times of one request. */
export interface Clock {
  /** Aborted (TimeoutError) at 90 % of the deadline, for sources to give up; or when the client has gone away. */
  readonly signal: AbortSignal
  /** When that will be, in milliseconds of `performance.now()`. */
  readonly sourcesUntil: number
  /** Aborted at 95 %, when subgraphs that have not given up are left behind; or when the client has gone away. */
  readonly cutOff: AbortSignal
  /** Settles at 100 %. */
  readonly over: Promise<'over'>
  /** Whether the client went away before it was answered. */
  clientGone(): boolean
  /** Ends all timers; call it when the request is answered. */
  stop(): void
}

/** Starts the times of a request: what is left of `milliseconds` after the sources' deadline puts the partial answer together. */
export function startClock(milliseconds: number, response: ServerResponse): Clock {
  const signal = new AbortController()
  const cutOff = new AbortController()
  const timeout = () => new DOMException('No time is left in this query for sources to answer in.', 'TimeoutError')
  const over = Promise.withResolvers<'over'>()
  const forSources = milliseconds * 0.9
  const sourcesUntil = performance.now() + forSources
  const timers = [
    setTimeout(() => signal.abort(timeout()), forSources),
    setTimeout(() => cutOff.abort(timeout()), milliseconds * 0.95),
    setTimeout(() => over.resolve('over'), milliseconds),
  ]
  let clientGone = false
  const onClose = () => {
    if (response.writableFinished) return
    clientGone = true
    const reason = new DOMException('The client went away before it was answered.', 'AbortError')
    signal.abort(reason)
    cutOff.abort(reason)
  }
  response.once('close', onClose)
  return {
    signal: signal.signal,
    sourcesUntil,
    cutOff: cutOff.signal,
    over: over.promise,
    clientGone: () => clientGone,
    stop() {
      timers.forEach(clearTimeout)
      response.off('close', onClose)
    },
  }
}
