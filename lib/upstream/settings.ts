import type { Logger } from 'pino'
import type { Config, Source } from '#lib/config/schema.ts'
import type { SourceState } from '#lib/source-state.ts'
import type { Policy } from './policy.ts'

/** What the client needs to know of a configured source. */
export type UpstreamSource = Pick<Source, 'id' | 'url' | 'auth' | 'tls' | 'timeouts'>

/** Requests that one source is asked at a time, where nothing else is said. */
export const REQUESTS_AT_A_TIME = 4

/** What a client is made from. */
export interface UpstreamOptions {
  readonly source: UpstreamSource
  readonly http: Config['http']
  /** Told of every answer and every failure of the source. */
  readonly state: SourceState
  readonly log: Logger
  /** Requests at a time, of all purposes together. Default: `REQUESTS_AT_A_TIME`. */
  readonly maxConcurrent?: number
  /** One connection per request, for servers where a connection that hangs takes the requests after it along. */
  readonly freshConnections?: boolean
  /** Instead of the default patience. */
  readonly policy?: Policy
}
