import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { asError } from './as-error.ts'
import { endOf } from './pause.ts'
import { type Freshness, LEAST_SECONDS, type Reading, type ReadOptions } from './snapshot.ts'
import { countCached } from './telemetry/held.ts'
import { UpstreamError } from './upstream/error.ts'
import { isTimeout } from './upstream/limit.ts'
import type { UpstreamCall } from './upstream/upstream.ts'

/** What a cache of records is made of. */
export interface RecordCacheOptions<V> extends Freshness {
  /** Id of the source. */
  readonly source: string
  /** How many records are held at most; the least recently used go first. */
  readonly maxRecords: number
  /** Reads records by key, in one go; null: there is no such record. Same length and order as the keys. */
  load(keys: readonly string[], call: UpstreamCall): Promise<readonly (V | null | Error)[]>
  readonly log: Logger
}

/** What is known of one key. */
interface Held<V> {
  readonly found?: { readonly value: V | null } & Asked
  /** Why the last attempt brought nothing newer. */
  readonly failure?: UpstreamError
  /** When it was last asked for, in milliseconds since 1970. */
  readonly askedAt: number
}

/** When a source was asked: for readers by the clock, beside changes by how many were known before. A clock may stand still. */
export interface Asked {
  readonly fetchedAt: Date
  readonly changes: number
}

/** Records that are being read together. */
interface Batch {
  readonly keys: readonly string[]
  readonly controller: AbortController
  readonly done: Promise<void>
  /** How many wait for it. */
  waiting: number
}

/**
 * Records that are read by key when somebody shows them: fresh ones are answered from memory; older ones too, marked
 * stale, while they are read anew in the background; the others are waited for. Each key is read once at a time, however
 * many ask, and again after 5 s at the earliest. Below the loaders of a request, which batch.
 */
export class RecordCache<V> {
  readonly #options: RecordCacheOptions<V>
  readonly #held: LRUCache<string, Held<V>>
  readonly #loading = new Map<string, Batch>()
  /** How many changes were known when a key last became known to have changed, itself included; also of keys that are not held. */
  readonly #changed: LRUCache<string, number>
  #changes = 0
  #closed = false

  constructor(options: RecordCacheOptions<V>) {
    this.#options = options
    this.#held = new LRUCache({ max: options.maxRecords })
    this.#changed = new LRUCache({ max: options.maxRecords })
  }

  /** What went wrong with a source is in each reading; rejects only on a fault of ours. `value: null`: there is no such record. */
  async readMany(keys: readonly string[], { signal, maxAgeSeconds }: ReadOptions): Promise<Reading<V | null>[]> {
    const { source, freshSeconds, staleSeconds } = this.#options
    const least = Math.max(maxAgeSeconds ?? Number.POSITIVE_INFINITY, LEAST_SECONDS)
    const tolerated = Math.min(least, Math.max(staleSeconds, freshSeconds))
    const older = keys.filter((key) => this.#isOlder(key, Math.min(least, freshSeconds)))
    this.#startLoading(older)
    // What is known to have changed is waited for: it is known to be wrong, however young.
    const needed = keys.filter((key) => ageSeconds(this.#held.get(key)) > tolerated || this.#isOutdated(key))
    countCached('records', source, 'hit', keys.length - older.length)
    countCached('records', source, 'stale', older.length - needed.length)
    countCached('records', source, 'miss', needed.length)
    if (needed.length > 0) await this.#wait(needed, signal)
    return keys.map((key) => this.#reading(key))
  }

  /** Whether a record can be answered from what is held, so that asking for it makes nobody wait for the source. */
  holds(key: string): boolean {
    const { freshSeconds, staleSeconds } = this.#options
    return ageSeconds(this.#held.get(key)) <= Math.max(staleSeconds, freshSeconds)
  }

  /** Now: to be taken before the source is asked for something that `put` is given. */
  now(): Asked {
    return { fetchedAt: new Date(), changes: this.#changes }
  }

  /** Takes a record that came along with something else. */
  put(key: string, value: V, asked: Asked): void {
    this.#keep(key, { found: { value, ...asked }, askedAt: asked.fetchedAt.getTime() }, asked)
  }

  /**
   * The record is known to have changed: what was asked for before, and what is still on its way, is stale from now on,
   * and read anew, and waited for, when somebody next asks for it.
   */
  expire(key: string): void {
    this.#changed.set(key, ++this.#changes)
    const held = this.#held.get(key)
    if (held) this.#held.set(key, { ...held, askedAt: 0 })
  }

  async close(): Promise<void> {
    this.#closed = true
    const batches = [...new Set(this.#loading.values())]
    for (const { controller } of batches) controller.abort()
    await Promise.allSettled(batches.map(({ done }) => done))
  }

  /**
   * Waits for what is being read. The last one to wait who goes away takes the reading along; one whose time is over leaves
   * it to those who ask again.
   */
  async #wait(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const batches = new Set(keys.flatMap((key) => this.#loading.get(key) ?? []))
    for (const batch of batches) batch.waiting++
    await endOf(Promise.all([...batches].map(({ done }) => done)), signal).finally(() => {
      for (const batch of batches) {
        batch.waiting--
        if (batch.waiting === 0 && signal.aborted && !isTimeout(signal.reason)) this.#abandon(batch, signal.reason)
      }
    })
  }

  #abandon(batch: Batch, reason: unknown): void {
    this.#forget(batch)
    batch.controller.abort(reason)
  }

  #forget(batch: Batch): void {
    for (const key of batch.keys) if (this.#loading.get(key) === batch) this.#loading.delete(key)
  }

  /** Reads in one batch what is not being read, and was not just now. */
  #startLoading(wanted: readonly string[]): void {
    const latest = Date.now() - LEAST_SECONDS * 1_000
    const due = (key: string) => !this.#loading.has(key) && (this.#held.get(key)?.askedAt ?? 0) <= latest
    const keys = [...new Set(wanted)].filter(due)
    if (keys.length === 0 || this.#closed) return
    const { source, log } = this.#options
    const controller = new AbortController()
    const done = this.#load(keys, controller.signal).finally(() => this.#forget(batch))
    const batch: Batch = { keys, controller, done, waiting: 0 }
    for (const key of keys) this.#loading.set(key, batch)
    // Who waits for it is told as well; often nobody does.
    done.catch((error: unknown) =>
      log.error({ source, err: error }, 'reading records failed for a reason nobody foresaw'),
    )
  }

  async #load(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const asked = this.now()
    const loaded = await this.#options.load(keys, { signal }).catch((error: unknown) => keys.map(() => asError(error)))
    if (signal.aborted) return
    const askedAt = Date.now()
    for (const [i, key] of keys.entries()) {
      const one = loaded[i] ?? null
      const { found } = this.#held.get(key) ?? {}
      if (one instanceof UpstreamError) this.#held.set(key, { ...(found && { found }), failure: one, askedAt })
      else if (one instanceof Error) throw one
      else this.#keep(key, { found: { value: one, ...asked }, askedAt }, asked)
    }
  }

  /** What was asked for before a change may not show it, and is asked for again at once. */
  #keep(key: string, known: Held<V>, asked: Asked): void {
    this.#held.set(key, this.#isFromBefore(key, asked) ? { ...known, askedAt: 0 } : known)
  }

  #isOlder(key: string, seconds: number): boolean {
    return ageSeconds(this.#held.get(key)) > seconds || this.#isOutdated(key)
  }

  /** Whether what is held was asked for before a change that is known. */
  #isOutdated(key: string): boolean {
    const { found } = this.#held.get(key) ?? {}
    return found !== undefined && this.#isFromBefore(key, found)
  }

  /** Whether the record has changed since. */
  #isFromBefore(key: string, { changes }: Asked): boolean {
    return changes < (this.#changed.get(key) ?? 0)
  }

  #reading(key: string): Reading<V | null> {
    const { freshSeconds, staleSeconds } = this.#options
    const held = this.#held.get(key)
    const { found, failure } = held ?? {}
    if (found && ageSeconds(held) <= Math.max(staleSeconds, freshSeconds)) {
      const { value, fetchedAt } = found
      return { value, fetchedAt, stale: this.#isOlder(key, freshSeconds), ...(failure && { failure }) }
    }
    return { stale: true, failure: failure ?? this.#stillLoading() }
  }

  #stillLoading(): UpstreamError {
    const { source } = this.#options
    const message = `${source} is still being asked for this: ask again in a moment`
    return new UpstreamError({ source, reason: 'TIMEOUT', message })
  }
}

function ageSeconds(held: Held<unknown> | undefined): number {
  return held?.found ? (Date.now() - held.found.fetchedAt.getTime()) / 1_000 : Number.POSITIVE_INFINITY
}
