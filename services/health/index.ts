import { createAccess } from '#lib/access.ts'
import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import type { KeptList } from '#lib/rules/finding-list.ts'
import { createSweep } from '#lib/rules/sweep.ts'
import { createThresholds } from '#lib/rules/thresholds.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { loadHealthRules } from './load-rules.ts'
import { createResolvers } from './resolvers.ts'
import { createHealthResults, type HealthResults } from './results.ts'

/**
 * Health: what rules over the graph say of models and endpoints. Asks no tool anything; the facts come from the graph,
 * with the rights of whoever asks. `supergraphSdl`: the composed graph. Its schema throws, for the reader, when a rule or a
 * threshold is wrong.
 */
export function createHealthSubgraph(
  { config, log }: SubgraphOptions,
  graph: GraphPort,
  supergraphSdl?: string,
): Subgraph {
  let close = async () => {}
  const schema = once(() => {
    const rules = loadHealthRules(config, supergraphSdl).map(({ rule }) => rule)
    const access = createAccess(config.access)
    const { index } = config
    const thresholds = createThresholds('health', config.health.parameters, rules)
    const results = createHealthResults({ rules, graph, thresholds, access, index })
    const lists = [listOf('models', 'Model', results), listOf('endpoints', 'Endpoint', results)]
    const { freshSeconds } = index
    const sweep = createSweep({ lists, graph, access, freshSeconds, pageSize: config.gateway.limits.pageSize, log })
    close = sweep.close
    return executableSchema('health', createResolvers(results, { lists, sweep, freshSeconds }, rules, graph, config))
  })
  return {
    name: 'health',
    get schema() {
      return schema()
    },
    sources: [],
    start: async () => {},
    close: () => close(),
  }
}

const listOf = (field: KeptList['field'], type: 'Model' | 'Endpoint', results: HealthResults): KeptList => ({
  field,
  of: (id, context) => results.of(type, id, context),
  kept: results.kept,
  anew: (id, context) => results.of(type, id, context, { anew: true }),
})
