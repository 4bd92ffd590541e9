import { LRUCache } from 'lru-cache'
import type { Freshness, Reading, ReadOptions } from './snapshot.ts'
import { UpstreamError } from './upstream/error.ts'
import type { UpstreamCall } from './upstream/upstream.ts'

/** What a cache of records is made of. */
export interface RecordCacheOptions<V> extends Freshness {
  /** How many records are held at most; the least recently used go first. */
  readonly maxRecords: number
  /** Reads records by key, in one go; null: there is no such record. Same length and order as the keys. */
  load(keys: readonly string[], call: UpstreamCall): Promise<readonly (V | null | Error)[]>
}

interface Held<V> {
  readonly value: V | null
  readonly fetchedAt: Date
}

/**
 * Records that are read by key when somebody shows them: fresh ones are answered from memory, the others are read in one
 * batch; where that fails, the last known one is answered, marked stale. Below the loaders of a request, which batch.
 */
export class RecordCache<V> {
  readonly #options: RecordCacheOptions<V>
  readonly #held: LRUCache<string, Held<V>>

  constructor(options: RecordCacheOptions<V>) {
    this.#options = options
    this.#held = new LRUCache({ max: options.maxRecords })
  }

  /** What went wrong with a source is in each reading; rejects only on a fault of ours. `value: null`: there is no such record. */
  async readMany(keys: readonly string[], { signal, maxAgeSeconds }: ReadOptions): Promise<Reading<V | null>[]> {
    const wanted = Math.min(this.#options.freshSeconds, maxAgeSeconds ?? Number.POSITIVE_INFINITY)
    const missing = [...new Set(keys)].filter((key) => !(ageSeconds(this.#held.get(key)) <= wanted))
    const failures = missing.length === 0 ? new Map() : await this.#load(missing, signal)
    return keys.map((key) => this.#reading(key, failures.get(key)))
  }

  /** Takes a record that came along with something else. */
  put(key: string, value: V, fetchedAt: Date): void {
    this.#held.set(key, { value, fetchedAt })
  }

  async #load(keys: readonly string[], signal: AbortSignal): Promise<Map<string, UpstreamError>> {
    const fetchedAt = new Date()
    const failures = new Map<string, UpstreamError>()
    const loaded = await this.#options.load(keys, { signal }).catch((error: unknown) => keys.map(() => asError(error)))
    for (const [i, key] of keys.entries()) {
      const one = loaded[i] ?? null
      if (one instanceof UpstreamError) failures.set(key, one)
      else if (one instanceof Error) throw one
      else this.#held.set(key, { value: one, fetchedAt })
    }
    return failures
  }

  #reading(key: string, failure: UpstreamError | undefined): Reading<V | null> {
    const held = this.#held.get(key)
    const age = ageSeconds(held)
    const kept = held && age <= Math.max(this.#options.staleSeconds, this.#options.freshSeconds) ? held : undefined
    return { ...kept, stale: age > this.#options.freshSeconds, ...(failure && { failure }) }
  }
}

function ageSeconds(held: Held<unknown> | undefined): number {
  return held ? (Date.now() - held.fetchedAt.getTime()) / 1_000 : Number.POSITIVE_INFINITY
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
