import type { UpstreamRequest } from './upstream.ts'

/** Where a request goes. */
export interface Target {
  /** Scheme, host and port. */
  readonly origin: string
  /** With the query, as it goes over the wire. */
  readonly path: string
}

/** The request's place below the source's address. The path is taken as it is: its parts are encoded already. */
export function targetOf(base: URL, { path, query = {} }: UpstreamRequest): Target {
  const parameters = Object.entries(query).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== undefined)
      .map((each) => `${encodeURIComponent(key)}=${encodeURIComponent(each)}`),
  )
  const search = parameters.length > 0 ? `?${parameters.join('&')}` : ''
  return { origin: base.origin, path: base.pathname.replace(/\/$/, '') + path + search }
}

/**
 * Whether a part of the path is `.` or `..`. `encodeURIComponent` leaves them, and servers resolve them, so that a
 * model with such a name would lead to another address than its own.
 */
export function climbs(path: string): boolean {
  return path.split('/').some((part) => part === '.' || part === '..')
}

/** Where a redirect leads; undefined when that is another origin, or nowhere. */
export function redirected(from: Target, location: string | undefined): Target | undefined {
  const base = from.origin + from.path
  if (location === undefined || !URL.canParse(location, base)) return undefined
  const { origin, pathname, search } = new URL(location, base)
  return origin === from.origin ? { origin, path: pathname + search } : undefined
}
