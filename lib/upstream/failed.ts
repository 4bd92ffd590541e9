import { UpstreamError, type UpstreamFailure } from './error.ts'

/** An attempt that brought no answer. */
export interface Failed {
  readonly error: UpstreamError
  /** Whether the next attempt may end otherwise. */
  readonly again: boolean
  /** Whether it tells that the source is ill or overloaded, and not that this one request was wrong. */
  readonly ill: boolean
}

/** Names what failed, with the source in front: `"mlflow-prod" refuses …`. */
export function failed(
  source: string,
  {
    message,
    cause,
    again = false,
    ill = false,
    ...failure
  }: Omit<UpstreamFailure, 'source'> & {
    cause?: unknown
    again?: boolean
    ill?: boolean
  },
): Failed {
  const options = cause === undefined ? undefined : { cause: forTheLog(cause) }
  return { error: new UpstreamError({ ...failure, source, message: `"${source}" ${message}` }, options), again, ill }
}

/**
 * Code and message of an error of Node or undici, which name addresses at most. Their other properties are left out:
 * one of undici's holds bytes of the answer, and those of TLS a certificate.
 */
function forTheLog(cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error(typeof cause)
  return Object.assign(new Error(cause.message), { name: cause.name, code: codeOf(cause) })
}

/** The code that Node and undici put on their errors; '' where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
