import { gzipSync } from 'node:zlib'
import type { Handler, Reply } from '../../stand-in.ts'
import { json } from '../starlette.ts'

/** Readiness, load and unload answer with a status and nothing else, not even a content type. */
export function empty(status: number): Reply {
  return { status }
}

/** `{"error"}` 404, for an unknown model as for one that failed or was unloaded. */
export function notFound(name: string, version?: string): Reply {
  return json(404, { error: `Model ${name}${version === undefined ? '' : ` with version ${version}`} not found` })
}

/** A failed load: `{"error"}` 422, or, when the runtime broke, its traceback as text (`debug` is on by default). */
export function loadFailed(reason: string): Reply {
  if (!reason.startsWith('Traceback')) return json(422, { error: reason })
  return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: reason }
}

/** MLServer compresses from 500 bytes on when the client offers gzip, and always says that it might. */
export function compressing(handler: Handler): Handler {
  return (request) => {
    const reply = handler(request)
    if (reply.body === undefined || Buffer.byteLength(reply.body) < 500) return reply
    const headers = { ...reply.headers, vary: 'Accept-Encoding' }
    if (!String(request.headers['accept-encoding'] ?? '').includes('gzip')) return { ...reply, headers }
    return { ...reply, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(reply.body) }
  }
}
