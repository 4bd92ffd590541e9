import { createAccess } from '#lib/access.ts'
import type { GraphPort } from '#lib/graph.ts'
import { createThresholds } from '#lib/rules/thresholds.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { loadHealthRules } from './load-rules.ts'
import { createResolvers } from './resolvers.ts'
import { createHealthResults } from './results.ts'

/**
 * Health: what rules over the graph say of models and endpoints. Asks no tool anything; the facts come from the graph,
 * with the rights of whoever asks. `supergraphSdl`: the composed graph. Throws, for the reader, when a rule or a threshold is wrong.
 */
export function createHealthSubgraph({ config }: SubgraphOptions, graph: GraphPort, supergraphSdl?: string): Subgraph {
  const rules = loadHealthRules(config, supergraphSdl).map(({ rule }) => rule)
  const results = createHealthResults({
    ...{ rules, graph },
    thresholds: createThresholds('health', config.health.parameters, rules),
    access: createAccess(config.access),
    index: config.index,
  })
  return {
    name: 'health',
    schema: executableSchema('health', createResolvers(results, rules, graph, config)),
    sources: [],
    start: async () => {},
    close: async () => {},
  }
}
