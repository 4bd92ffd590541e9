import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import type { StatefulOptions, Subgraph } from '#lib/subgraph.ts'

/**
 * Governance: what policies over the graph say, and the few things that people say and no tool holds. Asks no tool anything;
 * facts come from the graph, with the rights of whoever asks. `supergraphSdl`: the composed graph. Its schema rejects, for the
 * reader, when a policy or a pack is wrong. What rules are read with is imported for it, since no other first answer needs it.
 */
export function createGovernanceSubgraph(options: StatefulOptions, graph: GraphPort, supergraphSdl?: string): Subgraph {
  const schema = once(async () => (await import('./executable.ts')).governanceSchema(options, graph, supergraphSdl))
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
