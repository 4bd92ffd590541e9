import type { UpstreamCall } from './upstream.ts'

export type Purpose = NonNullable<UpstreamCall['purpose']>

/** Slots, and who uses them. */
export interface Bulkhead {
  /** Runs work when a slot is free. Throws the signal's reason when it ends before that, and what `full` makes when too many wait. */
  run<T>(purpose: Purpose, signal: AbortSignal, work: () => Promise<T>): Promise<T>
  /** How much is under way. */
  readonly running: number
  /** How much waits for a slot. */
  readonly waiting: number
}

interface Waiting {
  readonly purpose: Purpose
  readonly start: () => void
}

/**
 * Slots that all requests of a source share, first come, first served, of which index loading leaves one to requests.
 * cockatiel's bulkhead knows no such share, and whoever leaves its queue goes on to take up room there.
 */
export function createBulkhead(slots: number, queue: number, full: () => Error): Bulkhead {
  const most: Record<Purpose, number> = { request: slots, index: Math.max(slots - 1, 1) }
  const running: Record<Purpose, number> = { request: 0, index: 0 }
  const waiting: Waiting[] = []

  const free = (purpose: Purpose) => running.request + running.index < slots && running[purpose] < most[purpose]

  const next = () => {
    const i = waiting.findIndex(({ purpose }) => free(purpose))
    for (const { start } of i < 0 ? [] : waiting.splice(i, 1)) start()
  }

  const slot = (purpose: Purpose, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave)
        running[purpose]++
        resolve()
      }
      const leave = () => {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(signal.reason)
      }
      const entry = { purpose, start }
      if (signal.aborted) return reject(signal.reason)
      if (free(purpose)) return start()
      if (waiting.length >= queue) return reject(full())
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(entry)
    })

  return {
    run: async (purpose, signal, work) => {
      await slot(purpose, signal)
      try {
        return await work()
      } finally {
        running[purpose]--
        next()
      }
    },
    get running() {
      return running.request + running.index
    },
    get waiting() {
      return waiting.length
    },
  }
}
