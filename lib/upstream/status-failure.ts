import { credentialOption } from './credentials.ts'
import { type Failed, failed } from './failed.ts'
import type { UpstreamSource } from './settings.ts'

/** What is known of an answer that is none: nothing of it is repeated to the reader. */
export interface Refusal {
  readonly status: number
  readonly retryAfterSeconds: number | undefined
  /** Whether it refuses the name of the host that it was asked by. */
  readonly hostRefused: boolean
}

const overloaded = [502, 503, 504]

/** Puts a status that is no answer into words for the reader. */
export function statusFailure(source: UpstreamSource, refusal: Refusal): Failed {
  const { status } = refusal
  const seconds = refusal.retryAfterSeconds
  const known = { status, ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) }
  const { origin } = new URL(source.url)

  if (status === 401 || status === 403) {
    return failed(source.id, { ...known, reason: 'FORBIDDEN', message: forbidden(source, refusal) })
  }
  if (status === 429) {
    const message = `asks to be left alone for ${seconds === undefined ? 'a while' : `${seconds} s`}: it had too many requests (status 429).`
    return failed(source.id, { ...known, reason: 'RATE_LIMITED', message, again: seconds !== undefined })
  }
  if (status >= 500) {
    const wait = seconds === undefined ? '' : ` It asks to be tried again in ${seconds} s.`
    const message = `answers at ${origin} with a server error (status ${status}): its log says why.${wait}`
    const again = overloaded.includes(status)
    return failed(source.id, { ...known, reason: 'DOWN', message, again, ill: again || status === 500 })
  }
  const message = `answers with status ${status}, which is not expected here: does "url" lead to the tool itself, and is its version supported?`
  return failed(source.id, { ...known, reason: 'BAD_RESPONSE', message })
}

/** A redirect that is not followed. Where to is not repeated: such addresses carry tokens. */
export function redirectFailure(source: UpstreamSource, status: number, kind: 'elsewhere' | 'too many'): Failed {
  const message =
    kind === 'elsewhere'
      ? 'redirects to another host, scheme or port, which was refused: often a login page, or https for http. Does "url" lead to the tool itself?'
      : 'redirects without end: does "url" lead to the tool itself?'
  return failed(source.id, { reason: 'BAD_RESPONSE', message, status })
}

function forbidden({ url, auth }: UpstreamSource, { status, hostRefused }: Refusal): string {
  const { host } = new URL(url)
  if (hostRefused) {
    return `refuses the host name it is asked by (status ${status}): the server must allow "${host}". MLflow: --allowed-hosts.`
  }
  if (!auth) {
    return `wants credentials (status ${status}): give it "auth" with one of basic, bearer and header.`
  }
  return status === 401
    ? `does not accept the credentials (status 401): check ${credentialOption(auth)}.`
    : `does not let the account of ${credentialOption(auth)} read this (status 403): check its rights, or ${credentialOption(auth)}.`
}
