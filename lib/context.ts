import type { Logger } from 'pino'
import type { Caller } from './caller.ts'

/** What every resolver of one request knows. Made by the gateway (or by a subgraph's own server), gone with the request. */
export interface RequestContext {
  /** In the `x-request-id` header, every log line and every error. */
  readonly requestId: string
  readonly caller: Caller
  /** Aborted when there is no time left for sources to answer in, or when the client has gone away. */
  readonly signal: AbortSignal
  /** How old data may be, in seconds, as the client's `Cache-Control` says (0: `no-cache`); absent: as configured. */
  readonly maxAgeSeconds?: number
  /** How often the graph has asked itself on the way here; absent: a client asked. */
  readonly graphDepth?: number
  /** The client's own word for what it asks to be done, in `Idempotency-Key`: sent twice, it is done once. */
  readonly idempotencyKey?: string
  readonly log: Logger
}
