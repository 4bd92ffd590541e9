import type { Config } from '#lib/config/schema.ts'
import type { GraphPort } from '#lib/graph.ts'
import { findingsLike, ruleRecord } from '#lib/rules/finding.ts'
import { type Keeping, listKeptFindings } from '#lib/rules/finding-list.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { HealthResults } from './results.ts'
import type { Resolvers } from './schema.generated.ts'

/** The subgraph's resolvers. */
export function createResolvers(
  results: HealthResults,
  keeping: Keeping,
  rules: readonly Rule[],
  graph: GraphPort,
  { gateway }: Config,
): Resolvers {
  return {
    Query: {
      healthRules: () => rules.map(ruleRecord),
      healthFindings: (_, args, context) => listKeptFindings(keeping, graph, args, gateway.limits.pageSize, context),
    },
    Model: { health: ({ id }, _, context) => results.of('Model', id, context) },
    Endpoint: { health: ({ id }, _, context) => results.of('Endpoint', id, context) },
    Health: { findings: ({ findings }, wanted) => findingsLike(findings, wanted) },
  }
}
