import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Caller } from '../caller.ts'
import type { RequestContext } from '../context.ts'

/** What the gateway hands on with each request besides the caller's token; only who has such a token is heard at all. */
export const handedOn = {
  requestId: 'x-request-id',
  /** Milliseconds that are left for sources to answer in. */
  deadline: 'x-deadline-ms',
  maxAge: 'x-max-age-seconds',
} as const

/** Milliseconds for sources where the gateway names none. */
const DEFAULT_DEADLINE = 9_000

/** The context of one request, and the end of its timer. */
export interface Asked {
  readonly context: RequestContext
  stop(): void
}

/** Makes the context of a request; its signal is aborted when the time is over or the gateway waits no longer. */
export function contextOf(
  { headers, id, response }: { headers: IncomingHttpHeaders; id: string; response: ServerResponse },
  caller: Caller,
  log: Logger,
): Asked {
  const end = new AbortController()
  const timeout = () => new DOMException('No time is left in this query for sources to answer in.', 'TimeoutError')
  const timer = setTimeout(() => end.abort(timeout()), numberIn(headers[handedOn.deadline]) ?? DEFAULT_DEADLINE)
  const onClose = () => {
    if (!response.writableFinished) end.abort(new DOMException('The gateway waits no longer.', 'AbortError'))
  }
  response.once('close', onClose)
  const maxAgeSeconds = numberIn(headers[handedOn.maxAge])
  return {
    context: {
      requestId: id,
      caller,
      signal: end.signal,
      log: log.child({ requestId: id }),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    },
    stop() {
      clearTimeout(timer)
      response.off('close', onClose)
    },
  }
}

/** The whole number in a header, if it is one. */
function numberIn(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined
}
