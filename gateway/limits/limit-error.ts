import { GraphQLError } from 'graphql'
import type { GatewayConfig } from '../config.ts'

/** Each limit of `gateway.limits` that a query can be beyond, and the code of the error that says so. */
const codes = {
  tokens: 'MAX_TOKENS_LIMIT',
  depth: 'MAX_DEPTH_LIMIT',
  aliases: 'MAX_ALIASES_LIMIT',
  rootFields: 'MAX_ROOT_FIELDS_LIMIT',
  pageSize: 'MAX_PAGE_SIZE_LIMIT',
} as const

/** A refusal of a query (400); `found` says in words what is more than the limit allows. */
export function limitError(key: keyof typeof codes, found: string, limits: GatewayConfig['limits']): GraphQLError {
  return new GraphQLError(`${found}; at most ${limits[key]} are allowed here (gateway.limits.${key}).`, {
    extensions: { code: codes[key], http: { status: 400 } },
  })
}
