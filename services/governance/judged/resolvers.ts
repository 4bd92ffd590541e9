import type { GraphPort } from '#lib/graph.ts'
import type { SubgraphOptions } from '#lib/subgraph.ts'
import type { Resolvers } from '../schema.generated.ts'

/** Resolvers of what policies say. */
export function createJudgedResolvers(_options: SubgraphOptions, _graph: GraphPort): Resolvers {
  const later = () => {
    throw new Error('policies are not judged yet')
  }
  return {
    Query: { policies: later, packs: later, policyFindings: later, gate: later },
    Model: { compliance: later, risk: later, review: later },
    ModelVersion: { compliance: later },
    Endpoint: { compliance: later },
  }
}
