import type { Dispatcher } from 'undici'
import { readText } from './body.ts'
import { connectionFailure } from './connection-failure.ts'
import { type Failed, failed } from './failed.ts'
import { isTimeout, type Limit } from './limit.ts'
import type { Prepared } from './prepare.ts'
import { retryAfterSeconds } from './retry-after.ts'
import type { UpstreamOptions } from './settings.ts'
import { redirectFailure, statusFailure } from './status-failure.ts'
import { redirected } from './target.ts'
import { duration } from './words.ts'

/** What a source answered, before anybody reads it. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  header(name: string): string | undefined
}

export type Outcome = { readonly answer: Answer } | { readonly failed: Failed }

const MAX_REDIRECTS = 3

/**
 * Sends a request once and reads what comes back. Throws the signal's reason when nobody waits any more; every other
 * end is an outcome, the end of time included.
 */
export async function exchange(
  options: UpstreamOptions,
  dispatcher: Dispatcher,
  prepared: Prepared,
  limit: Limit,
): Promise<Outcome> {
  try {
    return await follow(options, dispatcher, prepared, limit.signal)
  } catch (error) {
    if (!limit.signal.aborted) return { failed: connectionFailure(options, error) }
    if (!isTimeout(limit.signal.reason)) throw limit.signal.reason
    return { failed: timedOut(options.source.id, limit.milliseconds) }
  }
}

/** The time is up: that of the request, after so many milliseconds, or that of the query. */
export function timedOut(source: string, time: number | 'deadline' | 'not asked'): Failed {
  const messages = {
    deadline: 'did not answer before the time of the query was up.',
    'not asked': 'was not asked any more: the time of the query was up.',
  }
  const message = typeof time === 'number' ? `did not answer within ${duration(time)}.` : messages[time]
  return failed(source, { reason: 'TIMEOUT', message, ill: true })
}

/**
 * Follows redirects within the source's own origin. undici's redirect interceptor follows them to any host, which would
 * let a source choose whom the gateway asks.
 */
async function follow(
  { source, http }: UpstreamOptions,
  dispatcher: Dispatcher,
  { request, headers, body, target: first }: Prepared,
  signal: AbortSignal,
): Promise<Outcome> {
  let target = first
  for (let redirects = 0; ; redirects++) {
    const response = await dispatcher.request({
      ...target,
      method: request.method,
      headers,
      body,
      signal,
    })
    const { statusCode: status } = response
    const contentType = header(response, 'content-type') ?? ''
    if ((status >= 200 && status < 300) || request.accept?.includes(status)) {
      const text = await readText(response, http.maxResponseBytes)
      return { answer: { status, contentType, text, header: (name) => header(response, name) } }
    }
    const location = header(response, 'location')
    if (status >= 300 && status < 400 && location !== undefined && request.method === 'GET') {
      dump(response)
      const next = redirected(target, location)
      if (!next) return { failed: redirectFailure(source, status, 'elsewhere') }
      if (redirects === MAX_REDIRECTS) return { failed: redirectFailure(source, status, 'too many') }
      target = next
      continue
    }
    // MLflow from 3.5 on says so in a body of plain text, and only there.
    const plain = status === 403 && contentType.startsWith('text/plain')
    const hostRefused = plain && /^invalid host header/i.test(await readText(response, http.maxResponseBytes))
    if (!plain) dump(response)
    const seconds = retryAfterSeconds(header(response, 'retry-after'))
    return { failed: statusFailure(source, { status, retryAfterSeconds: seconds, hostRefused }) }
  }
}

/** Reads a short body that nobody wants, so that the connection can be used again; ends the connection of a long one. */
function dump({ body }: Dispatcher.ResponseData): void {
  body.dump({ limit: 65_536, signal: AbortSignal.timeout(1_000) }).catch(() => {})
}

function header({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
