import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import type { StatefulOptions, Subgraph } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { createJudged } from './judged/index.ts'

/**
 * Governance: what policies over the graph say, and the few things that people say and no tool holds. Asks no tool anything;
 * facts come from the graph, with the rights of whoever asks. `supergraphSdl`: the composed graph. Its schema throws, for the
 * reader, when a policy or a pack is wrong.
 */
export function createGovernanceSubgraph(options: StatefulOptions, graph: GraphPort, supergraphSdl?: string): Subgraph {
  const schema = once(() => executableSchema('governance', createJudged(options, graph, supergraphSdl)))
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
