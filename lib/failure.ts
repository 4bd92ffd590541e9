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
