import type { z } from 'zod'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import { buildInfo, matrix, type Point, vector } from './wire.ts'

/** One Prometheus, and how to ask it. */
export interface Server {
  /** Id of the source. */
  readonly id: string
  readonly upstream: Upstream
}

/** What it says of a query. */
interface Answer<T> {
  readonly result: readonly T[]
  /** true: it warns that something may be missing, such as a store behind it that did not answer. */
  readonly partial: boolean
}

/** Statuses that mean that the expression itself is no good. */
const BAD_EXPRESSION = [400, 422]

/** Evaluates an expression now, by the server's clock. `what` names it to the reader. */
export async function query(
  server: Server,
  expression: string,
  what: string,
  call: UpstreamCall,
): Promise<Answer<Point>> {
  const request = { path: '/api/v1/query', query: { query: expression } }
  const { data, warnings } = await ask(server, request, vector, what, call)
  const result = data.result.flatMap(({ metric, value }) =>
    value ? [{ labels: metric, at: value[0], value: value[1] }] : [],
  )
  return { result, partial: (warnings ?? []).length > 0 }
}

/** A series and its values over time, as seconds since 1970 and value. */
export interface History {
  readonly labels: Readonly<Record<string, string>>
  readonly values: readonly (readonly [at: number, value: number])[]
}

/** Evaluates an expression at every step of a time; all in seconds. More than 11,000 steps are refused by the server. */
export async function queryRange(
  server: Server,
  { expression, start, end, step }: { expression: string; start: number; end: number; step: number },
  what: string,
  call: UpstreamCall,
): Promise<Answer<History>> {
  const request = { path: '/api/v1/query_range', query: { query: expression, start, end, step } }
  const { data, warnings } = await ask(server, request, matrix, what, call)
  const result = data.result.map(({ metric, values }) => ({ labels: metric, values: values ?? [] }))
  return { result, partial: (warnings ?? []).length > 0 }
}

/** Its version. */
export async function readVersion(server: Server, call: UpstreamCall): Promise<string> {
  return (await ask(server, { path: '/api/v1/status/buildinfo' }, buildInfo, 'its version', call)).data.version
}

async function ask<T>(
  { id, upstream }: Server,
  request: Omit<UpstreamRequest, 'method'>,
  schema: z.ZodType<T>,
  what: string,
  call: UpstreamCall,
): Promise<T> {
  const response = await upstream.request({ ...request, method: 'GET', accept: BAD_EXPRESSION }, call)
  if (BAD_EXPRESSION.includes(response.status)) {
    const message = `${id} cannot evaluate the PromQL of ${what} (status ${response.status}): try the expression in its web page.`
    throw new UpstreamError({ source: id, reason: 'BAD_RESPONSE', message, status: response.status })
  }
  const parsed = schema.safeParse(response.json())
  if (parsed.success) return parsed.data
  const message = `${id} answers ${what} with something that is no vector of Prometheus's API: does "url" lead to a Prometheus, and does the expression give a vector?`
  throw new UpstreamError({ source: id, reason: 'BAD_RESPONSE', message }, { cause: parsed.error })
}
