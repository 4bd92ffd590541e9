import type { Logger } from 'pino'
import { UpstreamError } from './upstream/error.ts'
import type { UpstreamCall } from './upstream/upstream.ts'

/** How old what is held may be, as the configuration says (`index`). */
export interface Freshness {
  /** Seconds in which it is answered from without asking again. */
  readonly freshSeconds: number
  /** Seconds in which it still answers, marked stale, while it is asked again or cannot be. */
  readonly staleSeconds: number
}

/** Who reads, and how patiently. */
export interface ReadOptions {
  /** Ends the waiting; loading goes on for those who come later. */
  readonly signal: AbortSignal
  /** Seconds that the value may be old at most; older ones are waited for to be loaded anew. */
  readonly maxAgeSeconds?: number
}

/** What is known now. Without a value, `failure` says why; with both, the value is the last that could be had. */
export interface Reading<T> {
  readonly value?: T
  readonly fetchedAt?: Date
  /** true: older than the freshness window. */
  readonly stale: boolean
  readonly failure?: UpstreamError
}

/** What a snapshot is made of. */
export interface SnapshotOptions<T> extends Freshness {
  /** Id of the source. */
  readonly source: string
  /** Reads everything anew; `previous` is what was held so far. */
  load(call: UpstreamCall, previous: T | undefined): Promise<T>
  readonly log: Logger
}

/** However often one is asked for anew or fails: at most one load in so many milliseconds. */
const LEAST_BETWEEN_LOADS = 5_000

/**
 * What is held in memory of a source. Answers what it has while it is fresh; then answers that and loads anew in the
 * background; where it has nothing fit to answer, waits. One load at a time, however many ask; after one that failed, the
 * next only after 5 s.
 */
export class Snapshot<T> {
  readonly #options: SnapshotOptions<T>
  readonly #closing = new AbortController()
  #value: { readonly value: T; readonly fetchedAt: Date } | undefined
  #failure: UpstreamError | undefined
  #loading: Promise<void> | undefined
  #loadedAt = Number.NEGATIVE_INFINITY

  constructor(options: SnapshotOptions<T>) {
    this.#options = options
  }

  /** Never rejects: what went wrong is in the reading. */
  async read({ signal, maxAgeSeconds }: ReadOptions): Promise<Reading<T>> {
    const age = this.#ageSeconds()
    const wanted = Math.min(this.#options.freshSeconds, maxAgeSeconds ?? Number.POSITIVE_INFINITY)
    if (age > wanted) this.#startLoading()
    const tolerated = Math.max(maxAgeSeconds ?? this.#options.staleSeconds, LEAST_BETWEEN_LOADS / 1_000)
    if (age > tolerated && this.#loading) await endOf(this.#loading, signal)
    return this.#reading(tolerated)
  }

  /** Loads when there is nothing yet, without anybody waiting. */
  start(): void {
    if (!this.#value) this.#startLoading()
  }

  /** How old something that was loaded at a moment is, as a reading without a value. */
  age(fetchedAt: Date): Reading<never> {
    return { fetchedAt, stale: Date.now() - fetchedAt.getTime() > this.#options.freshSeconds * 1_000 }
  }

  /** Loads anew at the next occasion, whatever the age: something is known to have changed. */
  expire(): void {
    if (this.#value)
      this.#value = { ...this.#value, fetchedAt: new Date(Date.now() - this.#options.freshSeconds * 1_000 - 1) }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#loading
  }

  #reading(tolerated: number): Reading<T> {
    const age = this.#ageSeconds()
    const kept = this.#value && age <= this.#options.staleSeconds ? this.#value : undefined
    const stale = age > this.#options.freshSeconds
    if (kept && age <= tolerated) return { ...kept, stale, ...(stale && this.#failure && { failure: this.#failure }) }
    // Older than was asked for: the last answer that can be had, and why there is no newer one.
    return { ...kept, stale: true, failure: this.#failure ?? this.#stillLoading() }
  }

  #ageSeconds(): number {
    return this.#value ? (Date.now() - this.#value.fetchedAt.getTime()) / 1_000 : Number.POSITIVE_INFINITY
  }

  #startLoading(): void {
    if (this.#loading || this.#closing.signal.aborted || performance.now() - this.#loadedAt < LEAST_BETWEEN_LOADS)
      return
    this.#loading = this.#load().finally(() => {
      this.#loading = undefined
      this.#loadedAt = performance.now()
    })
  }

  async #load(): Promise<void> {
    const fetchedAt = new Date()
    try {
      const value = await this.#options.load({ signal: this.#closing.signal, purpose: 'index' }, this.#value?.value)
      this.#value = { value, fetchedAt }
      this.#failure = undefined
    } catch (error) {
      this.#failure = this.#explain(error)
    }
  }

  #explain(error: unknown): UpstreamError {
    if (error instanceof UpstreamError) return error
    const { source, log } = this.#options
    log.error({ source, err: error }, 'reading a source failed for a reason nobody foresaw')
    const message = `${source} answered with something that could not be read: this is a fault of the gateway or of an unknown version of the tool`
    return new UpstreamError({ source, reason: 'BAD_RESPONSE', message }, { cause: error })
  }

  #stillLoading(): UpstreamError {
    const { source } = this.#options
    const message = `${source} is still being read for the first time: ask again in a moment`
    return new UpstreamError({ source, reason: 'TIMEOUT', message })
  }
}

/** Waits for the end of the work, or until the signal ends the waiting. */
async function endOf(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const waiting = new AbortController()
  const impatience = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: waiting.signal })
  })
  await Promise.race([work, impatience])
  waiting.abort()
}
