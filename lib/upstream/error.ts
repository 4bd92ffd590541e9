import type { IncompleteReason } from '#lib/common.generated.ts'

/** The reasons for which a request to a source can fail. */
export type UpstreamReason = Extract<
  IncompleteReason,
  'DOWN' | 'TIMEOUT' | 'FORBIDDEN' | 'RATE_LIMITED' | 'BAD_RESPONSE'
>

/** What is known of a failed request. */
export interface UpstreamFailure {
  /** Id of the source. */
  readonly source: string
  readonly reason: UpstreamReason
  /** For the reader: what happened and what to do. Holds no secret, no address with credentials, nothing the source wrote. */
  readonly message: string
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** Seconds after which the source wants to be asked again. */
  readonly retryAfterSeconds?: number
}

/** A request to a source that failed; `cause` is for the log, `message` for the reader. */
export class UpstreamError extends Error implements UpstreamFailure {
  override readonly name = 'UpstreamError'
  readonly source: string
  readonly reason: UpstreamReason
  readonly status?: number
  readonly retryAfterSeconds?: number

  constructor({ source, reason, message, status, retryAfterSeconds }: UpstreamFailure, options?: ErrorOptions) {
    super(message, options)
    this.source = source
    this.reason = reason
    if (status !== undefined) this.status = status
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds
  }
}
