import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from 'pino'
import { causeOf, graphqlFailure, stopped } from '#lib/failure.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { calls } from './call.ts'
import type { GatewayConfig } from './config.ts'
import { unreadable } from './limits/unreadable.ts'

/** Codes that Apollo gives to what nobody threw on purpose; its message is not for clients. */
const unexpected = new Set<unknown>(['INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR', undefined])

/** What else of an error's extensions clients get to see, besides its code and the request's id. */
const shown = ['source', 'reason', 'retryAfterSeconds', 'missing'] as const

/**
 * Turns any error into what a client may know of it: one that was thrown on purpose, which its code tells, keeps its
 * message; of every other only the request's id is told, under which the log has it.
 */
export function formatError(limits: GatewayConfig['limits'], log: Logger) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const call = calls.getStore()
    if (call) call.errors += 1
    const requestId = call?.context.requestId
    const cause = causeOf(thrown)
    const { message, extensions } = stopped(cause, call?.context.signal) ?? onPurpose(formatted, cause, limits)
    const { path, locations } = formatted
    const place = { ...(locations && { locations }), ...(path && { path }) }
    if (!unexpected.has(extensions.code))
      return { message, ...place, extensions: { ...pick(extensions), ...id(requestId) } }
    ;(call?.context.log ?? log).error({ err: cause, path }, 'an unexpected error')
    return {
      message: `Something went wrong inside the gateway (request ${requestId ?? 'unknown'}). Its log tells what, under that id.`,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', ...id(requestId) },
    }
  }
}

interface Told {
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
}

function onPurpose(
  { message, extensions = {} }: GraphQLFormattedError,
  cause: unknown,
  limits: GatewayConfig['limits'],
): Told {
  if (extensions.code === 'GRAPHQL_PARSE_FAILED') return unreadable(cause, limits) ?? { message, extensions }
  if (cause instanceof UpstreamError) return graphqlFailure(cause)
  // Wrappings overwrite the code; the innermost one is the thrower's.
  const own = cause instanceof GraphQLError ? cause.extensions : {}
  return { message, extensions: own.code === undefined ? extensions : own }
}

function pick(extensions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const picked: Record<string, unknown> = { code: extensions.code }
  for (const key of shown) if (extensions[key] !== undefined) picked[key] = extensions[key]
  return picked
}

const id = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId })
