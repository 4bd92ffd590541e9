import type { GraphQLSchema } from 'graphql'
import type { GraphPort } from '#lib/graph.ts'
import type { StatefulOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { createJudged } from './judged/index.ts'
import { loadGovernance } from './judged/load.ts'
import { createRecorded } from './recorded/index.ts'
import type { Resolvers } from './schema.generated.ts'

/** The executable schema, over the policies and packs of a configuration. Throws, for the reader, when one is wrong. */
export function governanceSchema(options: StatefulOptions, graph: GraphPort, supergraphSdl?: string): GraphQLSchema {
  const governance = loadGovernance(options.config, supergraphSdl)
  const judged = createJudged(options, governance, graph)
  const recorded = createRecorded(options, graph, governance.policies)
  return executableSchema('governance', together(judged, recorded))
}

/** Resolvers of two halves, some types of which both have fields of. */
function together(one: Resolvers, other: Resolvers): Resolvers {
  const types = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Resolvers>
  return Object.fromEntries([...types].map((type) => [type, { ...one[type], ...other[type] }]))
}
