import { buildSubgraphSchema } from '@apollo/subgraph'
import { concatAST, type GraphQLSchema, parse } from 'graphql'
import { loadSubgraph } from './subgraphs.ts'

/** The library's own type of a map of resolvers, which knows neither our context nor our records. */
type AnyResolvers = Exclude<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers'],
  undefined
>

/**
 * A subgraph's contract with its resolvers, typed by the generated `Resolvers` of that subgraph. `more`: further
 * definitions, as SDL, that hang on what else the graph is composed of.
 */
export function executableSchema(name: string, resolvers: object, more = ''): GraphQLSchema {
  const { typeDefs } = loadSubgraph(name)
  return buildSubgraphSchema({
    typeDefs: more === '' ? typeDefs : concatAST([typeDefs, parse(more)]),
    resolvers: resolvers as AnyResolvers,
  })
}
