import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'

/**
 * Health: what rules over the graph say of models and endpoints. Asks no tool anything; the facts come from the graph,
 * with the rights of whoever asks. `supergraphSdl`: the composed graph. Its schema rejects, for the reader, when a rule or a
 * threshold is wrong. What rules are read with is imported for it, since no other first answer needs it.
 */
export function createHealthSubgraph(options: SubgraphOptions, graph: GraphPort, supergraphSdl?: string): Subgraph {
  let close = async () => {}
  const schema = once(async () => {
    const executable = (await import('./executable.ts')).executableHealth(options, graph, supergraphSdl)
    close = executable.close
    return executable.schema
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
