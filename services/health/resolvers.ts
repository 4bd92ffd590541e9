import type { Rule } from '#lib/rules/rule.ts'
import { type FindingSources, listFindings } from './finding-list.ts'
import { ruleRecord } from './health.ts'
import type { Resolvers } from './schema.generated.ts'

/** The subgraph's resolvers. */
export function createResolvers(sources: FindingSources, rules: readonly Rule[]): Resolvers {
  const { results } = sources
  return {
    Query: {
      healthRules: () => rules.map(ruleRecord),
      healthFindings: (_, args, context) => listFindings(sources, args, context),
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
