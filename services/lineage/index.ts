import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import { renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { stubsOf } from '#schema/node-stubs.ts'
import { readLineageSchema } from './edges.ts'
import { nodeFinder, typesOfTeams } from './nodes.ts'
import { createResolvers } from './resolvers.ts'

/** What lineage needs beside the configuration: the graph to walk, and its composed contract, which says along which fields. */
export interface LineageOptions extends SubgraphOptions {
  readonly graph: GraphPort
  readonly supergraphSdl: string
}

/** Things by their ids, and the walk over all of them. Asks no tool anything, only the graph. */
export function createLineageSubgraph({ config, graph, supergraphSdl }: LineageOptions): Subgraph {
  const schema = once(() => {
    const lineage = readLineageSchema(supergraphSdl, config.gateway.limits.pageSize)
    const others = typesOfTeams(lineage.entities)
    const find = nodeFinder(renamedSources(config), others)
    return executableSchema('lineage', createResolvers(graph, lineage, find), stubsOf([...others]))
  })
  return {
    name: 'lineage',
    get schema() {
      return schema()
    },
    sources: [],
    start: async () => {},
    close: async () => {},
  }
}
