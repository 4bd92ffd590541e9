import { UpstreamError } from './error.ts'

/** A list that a source gives in pages, each of which names the next by a token. */
export interface PagedList<T> {
  /** Id of the source. */
  readonly source: string
  /** What the list is of, in a word or two. */
  readonly what: string
  /** More pages than any such list has: a server that never ends is not followed for ever. */
  readonly maxPages: number
  /** Reads a page, the first without a token; null: what the list is of is gone. */
  read(token: string | undefined): Promise<T | null>
  /** The token of the next page; null: it is the last. */
  next(page: T): string | null
}

/**
 * The pages one after the other, each read when it is asked for: whoever has enough stops. Throws `BAD_RESPONSE` where the
 * pages never end; a token that leads to a page that was read was seen on real servers.
 */
export async function* eachPage<T>({ source, what, maxPages, read, next }: PagedList<T>): AsyncGenerator<T, void> {
  const seen = new Set<string>()
  let token: string | undefined
  for (let pages = 1; ; pages++) {
    const page = await read(token)
    if (page === null) return
    yield page
    token = next(page) ?? undefined
    if (token === undefined) return
    if (seen.has(token) || pages >= maxPages) throw endless(source, what)
    seen.add(token)
  }
}

function endless(source: string, what: string): UpstreamError {
  const message = `${source} answers ${what} with pages that never end: the list could not be read.`
  return new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}
