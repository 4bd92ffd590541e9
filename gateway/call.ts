import { AsyncLocalStorage } from 'node:async_hooks'
import type { RequestContext } from '#lib/context.ts'

/** What the gateway's own parts know of a request, beyond what resolvers do. */
export interface GatewayContext extends RequestContext {
  /** Aborted when a subgraph that did not heed `signal` is waited for no longer. */
  readonly cutOff: AbortSignal
  /** When `signal` will be aborted, in milliseconds of `performance.now()`. */
  readonly sourcesUntil: number
}

/** One GraphQL request, and what its line in the log will tell. */
export interface Call {
  readonly context: GatewayContext
  /** true: the gateway asks itself, with questions of its own, for a request that was admitted. */
  readonly own?: true
  operation: string | undefined
  errors: number
}

/**
 * The request that runs. Apollo formats errors without telling whose they are, and they have to carry the request's id
 * and be logged with it.
 */
export const calls = new AsyncLocalStorage<Call>()
