import type { GraphQLError, ValidationRule } from 'graphql'
import type { GatewayConfig } from '../config.ts'
import { isFromWithin } from '../graph-from-within.ts'
import { limitError } from './limit-error.ts'
import { type Measures, measure } from './measure.ts'

/** Refuses documents whose operations nest, rename or ask too much, before anything is planned. */
export function limitsRule(limits: GatewayConfig['limits']): ValidationRule {
  return (context) => ({
    Document(document) {
      // What a subgraph or the gateway asks was admitted with the request that it answers.
      if (isFromWithin()) return
      for (const operation of measure(document)) {
        for (const error of beyond(operation, limits)) context.reportError(error)
      }
    },
  })
}

function beyond({ depth, aliases, rootFields, fields }: Measures, limits: GatewayConfig['limits']): GraphQLError[] {
  const errors: GraphQLError[] = []
  if (depth > limits.depth) errors.push(limitError('depth', `The query nests ${depth} levels of fields`, limits))
  if (aliases > limits.aliases) errors.push(limitError('aliases', `The query has ${count(aliases)} aliases`, limits))
  if (rootFields > limits.rootFields) {
    errors.push(limitError('rootFields', `The query has ${count(rootFields)} fields at its top`, limits))
  }
  // Every field is a token or more: without fragments, the parser would have refused it.
  if (fields > limits.tokens) {
    errors.push(
      limitError('tokens', `With its fragments written out, the query has ${count(fields)} tokens or more`, limits),
    )
  }
  return errors
}

/** Fragments within fragments double a count at each step: beyond a million the exact number says nothing. */
function count(found: number): string {
  return found > 1_000_000 ? 'over a million' : String(found)
}
