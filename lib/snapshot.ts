import type { Logger } from 'pino'
import { endOf, pause } from './pause.ts'
import { countLoad } from './telemetry/held.ts'
import { type WatchedIndex, watched } from './telemetry/watched.ts'
import { UpstreamError } from './upstream/error.ts'
import type { UpstreamCall } from './upstream/upstream.ts'

/** How old what is held may be, as the configuration says (`index`). */
export interface Freshness {
  /** Seconds in which it is answered from without asking again. */
  readonly freshSeconds: number
  /** Seconds in which it still answers, marked stale, while it is asked again or cannot be. */
  readonly staleSeconds: number
}

/** Who reads, and how patiently: the context of a request is one. */
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
  /** true: older than the freshness window, or known to have changed since. */
  readonly stale: boolean
  readonly failure?: UpstreamError
}

/** How a snapshot asks for its value. */
export interface LoadCall extends UpstreamCall {
  /** What another instance read counts when it was read then or later. */
  readonly notBefore: Date
}

/** What was loaded. */
export interface Loaded<T> {
  readonly value: T
  /** When the source was asked for it, by whomever. */
  readonly fetchedAt: Date
  /** Why there is nothing newer, when the source could not be asked. */
  readonly failure?: UpstreamError
}

/** What a snapshot is made of. */
export interface SnapshotOptions<T> extends Freshness {
  /** Id of the source. */
  readonly source: string
  /** Reads everything anew; `previous` is what was held so far. */
  load(call: LoadCall, previous: T | undefined): Promise<Loaded<T>>
  readonly log: Logger
  /** Under which name metrics show it, and how much there is in a value. Default: they do not. */
  readonly shown?: { readonly as: string; size(value: T): number }
}

/** However often one is asked for anew or fails: the source is asked at most once in so many seconds. */
export const LEAST_SECONDS = 5

/** The same for what is known to have changed. */
const LEAST_SECONDS_AFTER_CHANGE = 1

/**
 * What is held in memory of a source. Answers what it has while it is fresh; then answers that and loads anew in the
 * background; where it has nothing fit to answer, waits. One load at a time, however many ask; the source is asked again
 * 5 s after it answered or failed at the earliest.
 */
export class Snapshot<T> {
  readonly #options: SnapshotOptions<T>
  readonly #closing = new AbortController()
  readonly #watched: WatchedIndex | undefined
  #held: Loaded<T> | undefined
  #failure: UpstreamError | undefined
  #loading: Promise<void> | undefined
  #refreshing: Promise<void> | undefined
  /** When the source was last done with, by `performance.now()`. */
  #askedAt = Number.NEGATIVE_INFINITY
  /** When something became known to have changed, by `Date.now()`. */
  #changedAt = Number.NEGATIVE_INFINITY

  constructor(options: SnapshotOptions<T>) {
    this.#options = options
    const { source, shown } = options
    if (!shown) return
    this.#watched = { source, index: shown.as, held: () => this.#size(shown) }
    watched.indexes.add(this.#watched)
  }

  /** Never rejects: what went wrong is in the reading. */
  async read({ signal, maxAgeSeconds }: ReadOptions): Promise<Reading<T>> {
    const now = Date.now()
    const least = Math.max(maxAgeSeconds ?? Number.POSITIVE_INFINITY, LEAST_SECONDS)
    const wanted = Math.max(before(now, Math.min(least, this.#options.freshSeconds)), this.#changedAt)
    // Who wants no old data at all waits for a change that is known of; others are answered with what there is.
    const needed =
      maxAgeSeconds === 0 ? Math.max(before(now, least), this.#changedAt) : before(now, Math.min(least, this.#kept))
    if (!this.#isFrom(wanted)) this.#startLoading(wanted)
    while (!this.#isFrom(needed) && this.#loading && !signal.aborted) {
      await endOf(this.#loading, signal)
      // What ended may have been content with older data of another instance.
      if (!this.#isFrom(needed)) this.#startLoading(needed)
    }
    return this.#reading(needed)
  }

  /** Loads when there is nothing yet, without anybody waiting. */
  start(): void {
    if (!this.#held) this.#startLoading(before(Date.now(), this.#options.freshSeconds))
  }

  /** How old something that was loaded at a moment is, as a reading without a value. */
  age(fetchedAt: Date): Reading<never> {
    const oldest = Math.max(before(Date.now(), this.#options.freshSeconds), this.#changedAt)
    return { fetchedAt, stale: fetchedAt.getTime() < oldest }
  }

  /**
   * Something is known to have changed: what is held is stale from now on and loaded anew at once, at most once a second.
   * Settles when that is done, or has failed; never rejects.
   */
  expire(): Promise<void> {
    this.#changedAt = Date.now()
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async close(): Promise<void> {
    this.#closing.abort()
    if (this.#watched) watched.indexes.delete(this.#watched)
    await Promise.all([this.#loading, this.#refreshing])
  }

  /** Seconds for which a value is kept at all. */
  get #kept(): number {
    return Math.max(this.#options.staleSeconds, this.#options.freshSeconds)
  }

  /** Whether what is held was read at a moment or later. */
  #isFrom(moment: number): boolean {
    return this.#held !== undefined && this.#held.fetchedAt.getTime() >= moment
  }

  /** `needed`: the moment that the reader wants the value to be from, at the earliest. */
  #reading(needed: number): Reading<T> {
    const held = this.#isFrom(before(Date.now(), this.#kept)) ? this.#held : undefined
    if (!held) return { stale: true, failure: this.#failure ?? this.#stillLoading() }
    const { value, fetchedAt } = held
    const { stale } = this.age(fetchedAt)
    if (this.#isFrom(needed))
      return { value, fetchedAt, stale, ...(stale && this.#failure && { failure: this.#failure }) }
    // Older than was asked for: the last answer that can be had, and why there is no newer one.
    const failure = this.#failure ?? (this.#loading && this.#stillLoading())
    return { value, fetchedAt, stale: stale || failure !== undefined, ...(failure && { failure }) }
  }

  #startLoading(notBefore: number, leastSeconds = LEAST_SECONDS): void {
    if (this.#loading || this.#closing.signal.aborted || performance.now() < this.#askedAt + leastSeconds * 1_000)
      return
    this.#loading = this.#load(notBefore).finally(() => {
      this.#loading = undefined
    })
  }

  async #load(notBefore: number): Promise<void> {
    const started = Date.now()
    const { signal } = this.#closing
    try {
      const call = { signal, purpose: 'index' as const, notBefore: new Date(notBefore) }
      const loaded = await this.#options.load(call, this.#held?.value)
      if (!this.#isFrom(loaded.fetchedAt.getTime() + 1)) this.#held = loaded
      this.#failure = loaded.failure
      this.#count(loaded.failure?.reason ?? 'ok')
      // Another instance had it: the source was not asked.
      if (loaded.fetchedAt.getTime() < started && !loaded.failure) return
    } catch (error) {
      if (signal.aborted) return
      this.#failure = this.#explain(error)
      this.#count(this.#failure.reason)
    }
    this.#askedAt = performance.now()
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#closing
    do {
      // What is being loaded may have been asked for before the change.
      await this.#loading
      const wait = this.#askedAt + LEAST_SECONDS_AFTER_CHANGE * 1_000 - performance.now()
      if (wait > 0) await pause(wait, signal)
      this.#startLoading(this.#changedAt, LEAST_SECONDS_AFTER_CHANGE)
      await this.#loading
    } while (!this.#isFrom(this.#changedAt) && !this.#failure && !signal.aborted)
  }

  #size({ size }: NonNullable<SnapshotOptions<T>['shown']>) {
    if (!this.#held) return undefined
    const { value, fetchedAt } = this.#held
    return { ageSeconds: (Date.now() - fetchedAt.getTime()) / 1_000, size: size(value) }
  }

  #count(outcome: string): void {
    const { source, shown } = this.#options
    if (shown) countLoad(source, shown.as, outcome)
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
    const time = this.#held ? 'again' : 'for the first time'
    const message = `${source} is still being read ${time}: ask again in a moment`
    return new UpstreamError({ source, reason: 'TIMEOUT', message })
  }
}

/** The moment so many seconds before another, in milliseconds since 1970. */
function before(moment: number, seconds: number): number {
  return moment - seconds * 1_000
}
