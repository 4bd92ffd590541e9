import type { z } from 'zod'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { eachPage } from '#lib/upstream/pages.ts'
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
  const list = eachPage<T>({
    ...{ source, what: request(undefined).path, maxPages: MAX_PAGES },
    read: (token) => ask(upstream, source, request(token), schema, call),
    next: (page) => page.next_page_token,
  })
  for await (const page of list) {
    pages.push(page)
    if (enough(pages)) break
  }
  return pages
}
