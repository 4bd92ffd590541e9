import type { GraphPort } from '#lib/graph.ts'
import { createThresholds } from '#lib/rules/thresholds.ts'
import { renamedSources } from '#lib/sources.ts'
import type { SubgraphOptions } from '#lib/subgraph.ts'
import type { Resolvers } from '../schema.generated.ts'
import { createGate } from './gate.ts'
import { createJudging } from './judging.ts'
import { loadGovernance } from './load.ts'
import { createJudgedResolvers } from './resolvers.ts'
import { createRisks } from './risk.ts'
import type { Statements } from './statements.ts'

/** The judged half of governance. Throws, for the reader, when a policy, a pack or a threshold is wrong. */
export function createJudged(
  { config }: SubgraphOptions,
  graph: GraphPort,
  statements: Statements,
  supergraphSdl?: string,
): Resolvers {
  const governance = loadGovernance(config, supergraphSdl)
  const { policies, tiering } = governance
  const thresholds = createThresholds('governance', config.governance.parameters, [...policies, ...tiering])
  const options = { config, graph, thresholds, statements }
  const judging = createJudging(options, policies)
  const judges = {
    judging,
    risks: createRisks(options, tiering),
    gate: createGate(judging, policies, renamedSources(config)),
  }
  return createJudgedResolvers(governance, judges, graph, config)
}
