/** Calls `stop` when the process is told to end, once; what comes back calls it as well, and waits for it. */
export function whenStopped(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const once = () => {
    stopping ??= stop()
    return stopping
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void once())
  return once
}
