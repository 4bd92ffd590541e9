/** The load on a source's HTTP client. */
export interface WatchedSource {
  readonly source: string
  load(): { readonly running: number; readonly waiting: number; readonly breaker: 'closed' | 'half-open' | 'open' }
}

/** What is held of a source. */
export interface WatchedIndex {
  readonly source: string
  /** What it holds: `models`, `runs`, `endpoints`. */
  readonly index: string
  /** undefined: nothing is held. */
  held(): { readonly ageSeconds: number; readonly size: number } | undefined
}

/** A gateway's queue of queries. */
export interface WatchedQueue {
  readonly running: number
  readonly waiting: number
}

/**
 * What gauges look at whenever somebody wants to see them. Whoever is made puts itself in, and takes itself out when it
 * is closed.
 */
export const watched = {
  sources: new Set<WatchedSource>(),
  indexes: new Set<WatchedIndex>(),
  queues: new Set<WatchedQueue>(),
}
