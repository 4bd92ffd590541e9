import type { z } from 'zod'
import type { SourceState } from '#lib/source-state.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { retryAfterSeconds } from '#lib/upstream/retry-after.ts'
import type { Upstream, UpstreamCall, UpstreamRequest, UpstreamResponse } from '#lib/upstream/upstream.ts'
import { parsed, settled } from '../reading.ts'
import type { Addresses } from './addresses.ts'
import { createBudget } from './budget.ts'
import { documentOf, type Item } from './documents.ts'
import { graphqlAnswer, problem, rateLimit, rateLimits } from './wire.ts'

/** Keys that one GraphQL request can hold: GitHub ends longer ones at a time limit of its own. */
export const BATCH = 50

/** Milliseconds after which GitHub is asked again what is left of the budget for REST; asking costs nothing of it. */
const BUDGET_AGE = 60_000

/** Milliseconds that GitHub wants to be left alone after a secondary limit, where it says nothing. */
const SECONDARY = 60_000

/** Statuses that are answers here: 404 also where the account may not see it, 422 for what is no SHA. */
const NONE = [404, 409, 410, 422]

/** A way to ask one GitHub, within its rate limits. */
export interface Api {
  /** null: there is none, or it is not shown to the account. */
  rest<T>(path: string, schema: z.ZodType<T>, call: UpstreamCall, query?: UpstreamRequest['query']): Promise<T | null>
  /** What a repository may have switched off, or keep from the account, without anything being wrong with the source. */
  optional<T>(
    path: string,
    schema: z.ZodType<T>,
    call: UpstreamCall,
    query?: UpstreamRequest['query'],
  ): Promise<Optional<T>>
  /** Things of repositories, 50 in a request, each with the fragments asked for. */
  objects<T>(
    items: readonly Item[],
    schema: z.ZodType<T>,
    call: UpstreamCall,
  ): Promise<(Found<T> | null | UpstreamError)[]>
}

/** The answer; `off`: there is none to be had. `forbidden`: the account may not read it. */
type Optional<T> = { readonly value: T } | 'off' | 'forbidden'

/** A thing, and which of its fields could not be told: those are null in it. */
export interface Found<T> {
  readonly value: T
  /** By the field's name in the answer. */
  readonly failed: ReadonlyMap<string, UpstreamError>
}

/** The thing, if all of it could be told. */
export function whole<T>(found: Found<T> | null | undefined | UpstreamError): T | null | UpstreamError {
  if (!found || found instanceof UpstreamError) return found ?? null
  const [failure] = found.failed.values()
  return failure ?? found.value
}

export function createApi(
  { rest, graphql }: Addresses,
  { upstream, source, state }: { upstream: Upstream; source: string; state: SourceState },
): Api {
  const budgets = { rest: createBudget(source, 'REST'), graphql: createBudget(source, 'GraphQL') }
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  /** 403 is also how GitHub says that the rate limit is used up; only its words tell which it is. */
  async function send(
    kind: keyof typeof budgets,
    request: UpstreamRequest,
    call: UpstreamCall,
    mayRefuse = false,
  ): Promise<UpstreamResponse> {
    budgets[kind].check()
    budgets[kind].spent(1)
    const accept = [...(request.accept ?? []), 403]
    const response = await upstream.request({ ...request, accept }, call).catch((error: unknown) => {
      // 429: nothing else goes out meanwhile, either.
      if (error instanceof UpstreamError && error.reason === 'RATE_LIMITED') {
        budgets[kind].refused(Date.now() + (error.retryAfterSeconds ?? 60) * 1_000)
      }
      throw error
    })
    if (response.status !== 403) return response
    const { data } = problem.safeParse(safeJson(response))
    const message = data?.message ?? ''
    const isLimit = /rate limit|abuse/i.test(message)
    if (!isLimit && mayRefuse) return response
    const error = isLimit ? budgets[kind].refused(freeAt(response, message)) : forbidden()
    state.failed(error)
    throw error
  }

  function forbidden(): UpstreamError {
    const message = `"${source}" does not let the account read this (status 403): check the rights of its token, and single sign-on where the organisation has it.`
    return new UpstreamError({ source, reason: 'FORBIDDEN', message, status: 403 })
  }

  /** Learns what is left for REST, which only answers' headers tell otherwise. Enterprise servers often have no limits: 404. */
  async function learnRest(call: UpstreamCall): Promise<void> {
    if (performance.now() - askedAt < BUDGET_AGE) return
    asking ??= (async () => {
      const response = await upstream.request({ method: 'GET', path: `${rest}/rate_limit`, accept: [403, 404] }, call)
      askedAt = performance.now()
      if (response.status !== 200) return
      const { limit, remaining, reset } = parsed(response.json(), rateLimits, source, 'rate_limit').resources.core
      budgets.rest.learn({ limit, remaining, resetAt: reset * 1_000 })
    })().finally(() => {
      asking = undefined
    })
    await asking
  }

  async function batch<T>(items: readonly Item[], schema: z.ZodType<T>, call: UpstreamCall) {
    const { query, variables, places } = documentOf(items)
    const response = await send('graphql', { method: 'POST', path: graphql, json: { query, variables } }, call)
    const { data, errors } = parsed(response.json(), graphqlAnswer, source, 'GraphQL')
    if (errors.some(({ type }) => type === 'RATE_LIMITED')) {
      const error = budgets.graphql.refused()
      state.failed(error)
      throw error
    }
    const budget = parsed(data?.rateLimit, rateLimit, source, 'rateLimit')
    if (budget?.resetAt) budgets.graphql.learn({ ...budget, resetAt: budget.resetAt })
    if (!data) throw graphqlError(source)
    return places.map(([repository, item]) => {
      // NOT_FOUND is also how something is hidden from an account.
      const own = errors.filter(({ type, path: [first, second] }) => {
        return type !== 'NOT_FOUND' && first === repository && (second === undefined || second === item)
      })
      const value = (data[repository] as Record<string, unknown> | null | undefined)?.[item] ?? null
      const [error] = own
      if (value === null) return error ? errorOf(source, error.type) : null
      const failed = new Map(own.map(({ type, path }) => [String(path[2]), errorOf(source, type)]))
      return { value: parsed(value, schema, source, 'GraphQL'), failed }
    })
  }

  return {
    async rest(path, schema, call, query = {}) {
      await learnRest(call)
      const response = await send('rest', { method: 'GET', path: rest + path, query, accept: NONE }, call)
      return NONE.includes(response.status)
        ? null
        : parsed(response.json(), schema, source, path.split('/').slice(4).join('/'))
    },
    async optional(path, schema, call, query = {}) {
      await learnRest(call)
      const response = await send('rest', { method: 'GET', path: rest + path, query, accept: NONE }, call, true)
      if (NONE.includes(response.status)) return 'off'
      if (response.status !== 403)
        return { value: parsed(response.json(), schema, source, path.split('/').slice(4).join('/')) }
      const { data } = problem.safeParse(safeJson(response))
      return /enabled/i.test(data?.message ?? '') ? 'off' : 'forbidden'
    },
    async objects(items, schema, call) {
      const starts = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) => i * BATCH)
      const parts = await Promise.all(
        starts.map(async (start) => {
          const chunk = items.slice(start, start + BATCH)
          const answer = await settled(batch(chunk, schema, call))
          return answer instanceof UpstreamError ? chunk.map(() => answer) : answer
        }),
      )
      return parts.flat()
    },
  }
}

/**
 * When GitHub may be asked again after a 403, in milliseconds since 1970: as it says, or a minute after a secondary limit,
 * which has nothing to do with the hour's budget. undefined: it does not say.
 */
function freeAt(response: UpstreamResponse, message: string): number | undefined {
  const seconds = retryAfterSeconds(response.header('retry-after'))
  if (seconds !== undefined) return Date.now() + seconds * 1_000
  if (/secondary|abuse/i.test(message)) return Date.now() + SECONDARY
  const reset = Number(response.header('x-ratelimit-reset') ?? Number.NaN)
  return Number.isFinite(reset) ? reset * 1_000 : undefined
}

function safeJson(response: UpstreamResponse): unknown {
  return response.contentType.includes('json') ? response.json() : undefined
}

function errorOf(source: string, type: string | null): UpstreamError {
  if (type !== 'FORBIDDEN') return graphqlError(source)
  const message = `"${source}" does not let the account read all of this: check the rights of its token, and single sign-on where the organisation has it.`
  return new UpstreamError({ source, reason: 'FORBIDDEN', message })
}

function graphqlError(source: string): UpstreamError {
  const message = `"${source}" answered a GraphQL query with errors: is its version supported?`
  return new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}
