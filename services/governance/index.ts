import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import type { StatefulOptions, Subgraph } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { createJudged } from './judged/index.ts'
import { loadGovernance } from './judged/load.ts'
import { createRecorded } from './recorded/index.ts'
import type { Resolvers } from './schema.generated.ts'

/**
 * Governance: what policies over the graph say, and the few things that people say and no tool holds. Asks no tool anything;
 * facts come from the graph, with the rights of whoever asks. `supergraphSdl`: the composed graph. Its schema throws, for the
 * reader, when a policy or a pack is wrong.
 */
export function createGovernanceSubgraph(options: StatefulOptions, graph: GraphPort, supergraphSdl?: string): Subgraph {
  const schema = once(() => {
    const governance = loadGovernance(options.config, supergraphSdl)
    const judged = createJudged(options, governance, graph)
    const recorded = createRecorded(options, graph, governance.policies)
    return executableSchema('governance', together(judged, recorded))
  })
  return {
    name: 'governance',
    get schema() {
      return schema()
    },
    sources: [],
    start: async () => {},
    close: async () => {},
  }
}

/** Resolvers of two halves, some types of which both have fields of. */
function together(one: Resolvers, other: Resolvers): Resolvers {
  const types = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Resolvers>
  return Object.fromEntries([...types].map((type) => [type, { ...one[type], ...other[type] }]))
}
