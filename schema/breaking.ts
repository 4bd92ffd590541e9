import { printSchema, Supergraph } from '@apollo/federation-internals'
import { buildSchema, findBreakingChanges, findDangerousChanges, type GraphQLSchema } from 'graphql'

/** What a client sees change between two versions of the graph, in words, sorted. */
export interface Changes {
  /** A query that ran before may not run after. */
  readonly breaking: readonly string[]
  /** Queries still run, and a client may be surprised: a new enum value, a changed default. */
  readonly dangerous: readonly string[]
}

/** Compares two supergraphs by what clients see of them: join instructions and `@inaccessible` elements do not count. */
export function describeChanges(beforeSdl: string, afterSdl: string): Changes {
  const before = apiSchema(beforeSdl)
  const after = apiSchema(afterSdl)
  const words = (changes: readonly { description: string }[]) => changes.map(({ description }) => description).sort()
  return { breaking: words(findBreakingChanges(before, after)), dangerous: words(findDangerousChanges(before, after)) }
}

/** Passed on as text, so that it does not matter which copy of graphql-js (CommonJS or ESM) the composer was given. */
function apiSchema(supergraphSdl: string): GraphQLSchema {
  return buildSchema(printSchema(Supergraph.build(supergraphSdl).apiSchema()))
}
