import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { z } from 'zod'

/** A message of a tool that something changed there, as it came in: nothing of it is to be trusted yet. */
export interface Delivery {
  /** What sent it, as the path says: mlflow. */
  readonly tool: string
  /** Id of the source, as the address says. */
  readonly source: string
  /** The first value of a header. */
  header(name: string): string | undefined
  /** The bytes that were signed. */
  readonly body: Buffer
}

/** The same for who passes it on. */
export interface DeliveryToPassOn extends Delivery {
  /** All headers, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** What the sender is told. 204: taken. 429, 503: not now, to be sent again. */
export interface DeliveryAnswer {
  readonly status: 204 | 400 | 401 | 404 | 409 | 429 | 503
  /** For the reader: what is wrong with it. Empty where nothing is. */
  readonly message: string
}

/** Remembers deliveries for a while, so that none is taken twice. */
export interface Replays {
  /** Whether this delivery was seen before; from now on it was. */
  seen(id: string): boolean
}

/** Of more deliveries at a time than that, the first ones are forgotten: about 2 MB. */
const MAX_DELIVERIES = 20_000

/** Ask it only of deliveries that are verified, so that nobody else can fill it. */
export function createReplays(seconds: number): Replays {
  const ids = new LRUCache<string, true>({ max: MAX_DELIVERIES, ttl: seconds * 1_000 })
  return {
    seen(id) {
      if (ids.has(id)) return true
      ids.set(id, true)
      return false
    },
  }
}

/** Compares in a time that tells nothing of how much is right. */
export const isSameSignature = (given: Buffer, signed: Buffer): boolean =>
  given.length === signed.length && timingSafeEqual(given, signed)

/** What a body says, as a schema reads it; undefined: it is no such JSON. */
export function readEvent<T extends z.ZodType>(body: Buffer, schema: T): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    return undefined
  }
}
