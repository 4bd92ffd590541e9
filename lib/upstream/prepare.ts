import { acceptEncoding } from './body.ts'
import { credentials } from './credentials.ts'
import { failed } from './failed.ts'
import type { UpstreamSource } from './settings.ts'
import { climbs, type Target, targetOf } from './target.ts'
import type { UpstreamRequest } from './upstream.ts'

/** A request that is ready to be sent. */
export interface Prepared {
  readonly request: UpstreamRequest
  readonly target: Target
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Makes requests of one source ready. Throws when a header cannot carry its credentials. */
export function createPrepare(source: UpstreamSource): (request: UpstreamRequest) => Prepared {
  const base = new URL(source.url)
  // GitHub refuses requests of clients that do not name themselves, and operators like to know who asks.
  const accept = 'application/json, text/plain;q=0.9, */*;q=0.1'
  const always = { accept, 'accept-encoding': acceptEncoding, 'user-agent': 'modelops', ...credentials(source) }
  return (request) => {
    if (climbs(request.path)) {
      const message =
        'has something named "." or "..", which cannot be asked for over HTTP: give it another name there.'
      throw failed(source.id, { reason: 'BAD_RESPONSE', message }).error
    }
    const target = targetOf(base, request)
    if (request.json === undefined) return { request, target, headers: always, body: null }
    const headers = { ...always, 'content-type': 'application/json' }
    return { request, target, headers, body: JSON.stringify(request.json) }
  }
}
