import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLSchema } from 'graphql'
import { loadSubgraph } from './subgraphs.ts'

/** The library's own type of a map of resolvers, which knows neither our context nor our records. */
type AnyResolvers = Exclude<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers'],
  undefined
>

/** A subgraph's contract with its resolvers, typed by the generated `Resolvers` of that subgraph. */
export function executableSchema(name: string, resolvers: object): GraphQLSchema {
  return buildSubgraphSchema({ typeDefs: loadSubgraph(name).typeDefs, resolvers: resolvers as AnyResolvers })
}
