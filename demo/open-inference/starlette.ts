import type { Handler, Reply, StandInRequest } from '../stand-in.ts'

/** A route of a Starlette or FastAPI application, which MLServer and MLflow's scoring server both are. */
export interface Route {
  method: 'GET' | 'POST'
  /** Matched against the decoded path. */
  path: RegExp
  answer(match: RegExpExecArray, request: StandInRequest): Reply
}

/**
 * Answers as Starlette's router under uvicorn does: paths are decoded before they are matched, an unknown path is
 * `{"detail"}` 404, a known one with another method 405 (HEAD too), and one that differs by a slash at the end 307.
 */
export function starlette(routes: readonly Route[]): Handler {
  return (request) => {
    const reply = route(routes, request)
    return { ...reply, headers: { server: 'uvicorn', ...reply.headers } }
  }
}

/** JSON without spaces, as FastAPI and orjson write it. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}

function route(routes: readonly Route[], request: StandInRequest): Reply {
  const [raw = '', query] = request.path.split('?', 2)
  const path = unquote(raw)
  const matches = routes.flatMap((candidate) => {
    const match = candidate.path.exec(path)
    return match ? [{ candidate, match }] : []
  })
  const full = matches.find(({ candidate }) => candidate.method === request.method)
  if (full) return full.candidate.answer(full.match, request)
  const [partial] = matches
  if (partial) return json(405, { detail: 'Method Not Allowed' }, { allow: partial.candidate.method })
  const other = path.endsWith('/') ? path.replace(/\/+$/, '') : `${path}/`
  if (path !== '/' && routes.some((candidate) => candidate.path.test(other))) {
    return { status: 307, headers: { location: redirectTo(request, other, query) } }
  }
  return json(404, { detail: 'Not Found' })
}

/** Unlike `decodeURIComponent`, leaves a lone `%` as it is and reads bytes that are no UTF-8 as U+FFFD. */
function unquote(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString())
}

function redirectTo({ headers }: StandInRequest, path: string, query: string | undefined): string {
  const url = `http://${headers.host}${path}${query ? `?${query}` : ''}`
  return encodeURI(url).replaceAll('%25', '%')
}
