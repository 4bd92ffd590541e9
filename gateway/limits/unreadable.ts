import type { GraphQLError } from 'graphql'
import type { GatewayConfig } from '../config.ts'
import { limitError } from './limit-error.ts'

/** The limit that made the parser give up, if one did: it has no code of its own for that. */
export function unreadable(error: unknown, limits: GatewayConfig['limits']): GraphQLError | undefined {
  if (error instanceof RangeError) return limitError('depth', 'The query nests too deep to be read', limits)
  const tooLong = error instanceof Error && error.message.includes('tokens. Parsing aborted.')
  return tooLong ? limitError('tokens', `The query has more than ${limits.tokens} tokens`, limits) : undefined
}
