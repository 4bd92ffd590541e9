import type { GraphPort } from '#lib/graph.ts'
import { createThresholds } from '#lib/rules/thresholds.ts'
import { renamedSources } from '#lib/sources.ts'
import type { StatefulOptions } from '#lib/subgraph.ts'
import { createSubjects } from '../recorded/subjects.ts'
import type { Resolvers } from '../schema.generated.ts'
import { createGate } from './gate.ts'
import { createGateRecords } from './gate-records.ts'
import { createJudging } from './judging.ts'
import type { Governance } from './load.ts'
import { createJudgedResolvers } from './resolvers.ts'
import { createRisks } from './risk.ts'
import { statementsOf } from './statements.ts'

/** The judged half of governance. Throws, for the reader, when a threshold is wrong. */
export function createJudged({ config, state }: StatefulOptions, governance: Governance, graph: GraphPort): Resolvers {
  const { policies, tiering } = governance
  const thresholds = createThresholds('governance', config.governance.parameters, [...policies, ...tiering])
  const options = { config, graph, thresholds, statements: statementsOf(state, createSubjects(config, graph)) }
  const judging = createJudging(options, policies)
  const { freshSeconds } = config.index
  const gate = createGate(judging, { policies, renamed: renamedSources(config), freshSeconds })
  const judges = {
    ...{ judging, gate },
    risks: createRisks(options, tiering),
    records: createGateRecords(gate, state, policies),
  }
  return createJudgedResolvers(governance, judges, graph, config)
}
