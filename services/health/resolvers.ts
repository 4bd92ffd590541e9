import type { Config } from '#lib/config/schema.ts'
import type { GraphPort } from '#lib/graph.ts'
import type { Rule } from '#lib/rules/rule.ts'
import { listFindings } from './finding-list.ts'
import { ruleRecord } from './health.ts'
import type { Results } from './results.ts'
import type { Resolvers } from './schema.generated.ts'

/** The subgraph's resolvers. */
export function createResolvers(
  results: Results,
  rules: readonly Rule[],
  graph: GraphPort,
  { gateway }: Config,
): Resolvers {
  return {
    Query: {
      healthRules: () => rules.map(ruleRecord),
      healthFindings: (_, args, context) => listFindings(results, graph, args, gateway.limits.pageSize, context),
    },
    Model: { health: ({ id }, _, context) => results.of('Model', id, context) },
    Endpoint: { health: ({ id }, _, context) => results.of('Endpoint', id, context) },
    Health: {
      findings: ({ findings }, { outcomes, rules: ids }) =>
        findings.filter(
          ({ outcome, rule }) => (outcomes?.includes(outcome) ?? true) && (ids?.includes(rule.id) ?? true),
        ),
    },
  }
}
