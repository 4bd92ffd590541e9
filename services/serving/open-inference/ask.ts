import type { z } from 'zod'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'

/** One server, and how to ask it. */
export interface Server {
  /** Id of the source. */
  readonly id: string
  readonly upstream: Upstream
  readonly call: UpstreamCall
}

/** An answer: what it says where the status is 200, else the status alone. */
export interface Answer<T> {
  readonly status: number
  readonly value: T | null
}

/**
 * Statuses that mean "there is no such thing" in this protocol, by server, and no failure of the source. 403: Triton closes
 * groups of routes one by one (`--http-restricted-api`), so that the others still answer.
 */
const NO_SUCH_THING = [400, 403, 404, 405, 501]

/** Statuses that one model alone can cause, of a server that is well: not ready, or broken. */
const OF_A_MODEL = [...NO_SUCH_THING, 500, 503]

/** Whether something is ready: 200, and nothing else. Bodies are not looked at: the protocol leaves them open. */
export async function askReady({ upstream, call }: Server, path: string): Promise<number> {
  return (await upstream.request({ method: 'GET', path: `${path}/ready`, accept: OF_A_MODEL }, call)).status
}

/** Asks for something that a server of this protocol need not have. */
export async function ask<T>(
  { id, upstream, call }: Server,
  request: UpstreamRequest,
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const response = await upstream.request({ accept: NO_SUCH_THING, ...request }, call)
  if (response.status !== 200) return { status: response.status, value: null }
  const parsed = schema.safeParse(response.json())
  if (parsed.success) return { status: 200, value: parsed.data }
  const message = `${id} answers ${request.path} with something that is not of the Open Inference Protocol: does "url" lead to the server itself, and is its version supported?`
  throw new UpstreamError({ source: id, reason: 'BAD_RESPONSE', message }, { cause: parsed.error })
}

/** Asks about one model. What fails for it alone is not told of it (null), and no failure of the source. */
export async function askOptional<T>(server: Server, path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return (await ask(server, { method: 'GET', path, accept: OF_A_MODEL }, schema)).value
  } catch (error) {
    if (error instanceof UpstreamError) return null
    throw error
  }
}
