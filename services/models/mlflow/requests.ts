import type { z } from 'zod'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'

const API = '/api/2.0/mlflow'

/** More pages than any registry has: a server that never ends is not followed for ever. */
const MAX_PAGES = 1_000

/** A page of MLflow's searches. */
export interface Page {
  readonly next_page_token: string | null
}

/** Asks MLflow one thing; what does not parse is the source's failure, told as such. */
export async function ask<T>(
  upstream: Upstream,
  source: string,
  request: UpstreamRequest,
  schema: z.ZodType<T>,
  call: UpstreamCall,
): Promise<T> {
  const response = await upstream.request({ ...request, path: `${API}/${request.path}` }, call)
  return parsedAnswer(response.json(), schema, { source, tool: 'MLflow', what: request.path })
}

/**
 * Reads a search to its end, or until the pages are enough; then the last one names a next. The token is an offset, so rows
 * can repeat when data is written meanwhile: callers keep one each.
 */
export async function askAll<T extends Page>(
  upstream: Upstream,
  source: string,
  request: (token: string | undefined) => UpstreamRequest,
  schema: z.ZodType<T>,
  call: UpstreamCall,
  enough: (pages: readonly T[]) => boolean = () => false,
): Promise<T[]> {
  const pages: T[] = []
  const seen = new Set<string>()
  let token: string | undefined
  do {
    const page = await ask(upstream, source, request(token), schema, call)
    pages.push(page)
    if (enough(pages)) return pages
    token = page.next_page_token ?? undefined
    // Seen on real servers: a token that leads to the same page again.
    if (token !== undefined && seen.has(token)) throw endless(source, request(undefined).path)
    if (token !== undefined) seen.add(token)
  } while (token !== undefined && pages.length < MAX_PAGES)
  if (token !== undefined) throw endless(source, request(undefined).path)
  return pages
}

function endless(source: string, what: string): UpstreamError {
  const message = `${source} answers ${what} with pages that never end: the list could not be read.`
  return new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}
