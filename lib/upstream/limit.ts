/** The time that one request has, all its attempts together. */
export interface Limit {
  /** What was given. */
  readonly milliseconds: number
  /** Ends when the time is up (its reason is then a timeout) or with the signal above it. */
  readonly signal: AbortSignal
  /** Milliseconds left. */
  remaining(): number
  /** To be called when the request is over. */
  stop(): void
}

/** Starts the clock. */
export function startLimit(milliseconds: number, above: AbortSignal): Limit {
  const controller = new AbortController()
  const end = performance.now() + milliseconds
  const timer = setTimeout(() => controller.abort(new DOMException('The time is up.', 'TimeoutError')), milliseconds)
  const follow = () => controller.abort(above.reason)
  above.addEventListener('abort', follow, { once: true })
  if (above.aborted) follow()
  return {
    milliseconds,
    signal: controller.signal,
    remaining: () => end - performance.now(),
    stop: () => {
      clearTimeout(timer)
      above.removeEventListener('abort', follow)
    },
  }
}

/** Whether a signal ended since time was up, as `AbortSignal.timeout` ends, and not since somebody left. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** The promise, or the signal's reason as soon as it ends. What is under way is not stopped. */
export function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
