/** One request to a source. */
export interface UpstreamRequest {
  /** A `POST` here only reads (search, index): it is repeated like a `GET`. Nothing of ours writes to a source. */
  readonly method: 'GET' | 'POST'
  /** Below the source's address, starts with `/`. Each part that comes from data must have gone through `encodeURIComponent`. */
  readonly path: string
  /** Parameters; an array repeats its key, undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Statuses outside 2xx that are answers to the caller and no failures, such as 404. */
  readonly accept?: readonly number[]
}

/** A time limit and a reason to stop early. */
export interface UpstreamCall {
  /** Of the query that asks, or of the background work. */
  readonly signal: AbortSignal
  /** `index`: background loading with its own, longer limit (`http.indexTimeout`). Default: `request`. */
  readonly purpose?: 'request' | 'index'
}

/** What a source answered: a 2xx, or a status that the request accepts. */
export interface UpstreamResponse {
  readonly status: number
  readonly contentType: string
  /** Decoded as UTF-8, at most the configured bytes. */
  readonly text: string
  /** The first value of a header, whose name is in lower case. */
  header(name: string): string | undefined
  /**
   * The body as `JSON.parse` makes it: `__proto__` is an own key like any other, so look keys that are data up with
   * `Object.hasOwn` or `Object.entries`. Throws an UpstreamError (BAD_RESPONSE) when it is no JSON.
   */
  json(): unknown
}

/** The one way in which adapters talk to a source. Every failure is an `UpstreamError`. */
export interface Upstream {
  request(request: UpstreamRequest, call: UpstreamCall): Promise<UpstreamResponse>
  close(): Promise<void>
}
