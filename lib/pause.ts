/** Waits so many milliseconds, or less when the signal ends the waiting; never rejects, and keeps no process alive. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const waiting = Promise.withResolvers<void>()
  const timer = setTimeout(waiting.resolve, milliseconds)
  timer.unref()
  return endOf(waiting.promise, signal).finally(() => clearTimeout(timer))
}

/** Waits for the end of the work, or until the signal ends the waiting. Rejects as the work does. */
export async function endOf(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const listening = new AbortController()
  const impatience = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: listening.signal })
  })
  await Promise.race([work, impatience]).finally(() => listening.abort())
}
