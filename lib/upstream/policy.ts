/** How patient the client is, where the configuration says nothing. Milliseconds, unless the name says otherwise. */
export interface Policy {
  /** Requests of one source that may wait for a slot; the next one fails at once. */
  readonly queue: number
  readonly retries: {
    /** Further attempts after the first. */
    readonly most: number
    /** Longest wait before the first retry; it doubles for each further one. */
    readonly base: number
    /** Retries per window: this share of the requests in it, or the minimum where that is more. */
    readonly share: number
    readonly minimum: number
    readonly window: number
  }
  readonly breaker: {
    /** Latest attempts that are looked at. */
    readonly size: number
    /** Attempts before which it never opens. */
    readonly minimum: number
    /** It opens when more than this share of them failed. */
    readonly threshold: number
    /** Time for which the source is then left alone. */
    readonly pause: number
  }
}

/** Patience that suits a tool which answers within seconds, asked by people and by background loading. */
export const defaultPolicy: Policy = {
  queue: 1_000,
  retries: { most: 2, base: 100, share: 0.25, minimum: 10, window: 10_000 },
  breaker: { size: 20, minimum: 10, threshold: 0.5, pause: 5_000 },
}
