import { GraphQLError } from 'graphql'
import type { UpstreamError, UpstreamReason } from './upstream/error.ts'

const codes: Record<UpstreamReason, string> = {
  DOWN: 'UPSTREAM_UNAVAILABLE',
  TIMEOUT: 'UPSTREAM_TIMEOUT',
  FORBIDDEN: 'UPSTREAM_FORBIDDEN',
  RATE_LIMITED: 'UPSTREAM_RATE_LIMITED',
  BAD_RESPONSE: 'UPSTREAM_BAD_RESPONSE',
}

/** The failure of a source as an error of a query, for fields that have no place to say what is missing. */
export function graphqlFailure(failure: UpstreamError): GraphQLError {
  const { source, reason, message, retryAfterSeconds } = failure
  const extensions = {
    code: codes[reason],
    source,
    reason,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }
  return new GraphQLError(message, { extensions, originalError: failure })
}

/** The error under all wrappings: of graphql-js, of the gateway around subgraphs' errors, of the server around those of validation. */
export function causeOf(thrown: unknown): unknown {
  let error = thrown
  while (error instanceof GraphQLError && error.originalError) error = error.originalError
  return error
}

/** What stopped because it was told to, and threw the signal's reason on; undefined: something else happened. */
export function stopped(cause: unknown, signal: AbortSignal | undefined): GraphQLError | undefined {
  if (!signal?.aborted || cause !== signal.reason) return undefined
  const { name, message }: DOMException = signal.reason
  const code = name === 'TimeoutError' ? 'UPSTREAM_TIMEOUT' : 'REQUEST_CANCELLED'
  return new GraphQLError(message, { extensions: { code } })
}
