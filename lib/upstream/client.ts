import { credentials } from './credentials.ts'
import { createDispatcher } from './dispatcher.ts'
import type { UpstreamError } from './error.ts'
import { exchange } from './exchange.ts'
import { startLimit } from './limit.ts'
import { createResponse } from './response.ts'
import type { UpstreamOptions } from './settings.ts'
import { targetOf } from './target.ts'
import type { Upstream } from './upstream.ts'

/** The HTTP client of one source. Throws when its credentials or its certificate authority cannot be used. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { source, http, state } = options
  const dispatcher = createDispatcher(options)
  const fixed = { accept: 'application/json, text/plain;q=0.9, */*;q=0.1', ...credentials(source) }
  const base = new URL(source.url)
  const fail = (error: UpstreamError) => {
    state.failed(error)
    return error
  }
  return {
    request: async (request, call) => {
      const body = request.json === undefined ? undefined : JSON.stringify(request.json)
      const headers = body === undefined ? fixed : { ...fixed, 'content-type': 'application/json' }
      const ms = source.timeouts?.requestTimeout ?? http.requestTimeout
      const limit = startLimit(ms, call.signal)
      const started = performance.now()
      const outcome = await exchange(
        options,
        dispatcher,
        { request, target: targetOf(base, request), headers, body },
        limit,
      )
      limit.stop()
      if ('failed' in outcome) throw fail(outcome.failed.error)
      state.succeeded(performance.now() - started)
      return createResponse(source.id, outcome.answer, fail)
    },
    close: () => dispatcher.destroy(),
  }
}
