import type { Config } from '#lib/config/schema.ts'
import type { GraphPort } from '#lib/graph.ts'
import { findingsLike, ruleRecord } from '#lib/rules/finding.ts'
import { type JudgedList, listFindings } from '#lib/rules/finding-list.ts'
import type { Resolvers } from '../schema.generated.ts'
import { countOf } from './compliance.ts'
import type { Gate } from './gate.ts'
import type { GateRecords } from './gate-records.ts'
import type { Judging } from './judging.ts'
import type { Governance } from './load.ts'
import type { Risks } from './risk.ts'

/** What judges. */
export interface Judges {
  readonly judging: Judging
  readonly risks: Risks
  readonly gate: Gate
  readonly records: GateRecords
}

/** Resolvers of what policies say. */
export function createJudgedResolvers(
  { policies, packs }: Governance,
  { judging, risks, gate, records }: Judges,
  graph: GraphPort,
  { gateway, governance }: Config,
): Resolvers {
  const lists: readonly JudgedList[] = [
    { field: 'models', of: (id, context) => judging.compliance('Model', id, context) },
    { field: 'endpoints', of: (id, context) => judging.compliance('Endpoint', id, context) },
  ]
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  return {
    Query: {
      policies: () => policies.map(ruleRecord),
      packs: () => packs,
      policyFindings: (_, args, context) => listFindings(lists, graph, args, gateway.limits.pageSize, context),
      gate: (_, args, context) => gate.judge(args, context),
    },
    Mutation: { recordGate: (_, args, context) => records.record(args, context) },
    Model: {
      compliance: ({ id }, _, context) => judging.compliance('Model', id, context),
      risk: ({ id }, _, context) => risks.risk(id, context),
      review: ({ id }, _, context) => risks.review(id, context),
    },
    ModelVersion: { compliance: ({ id }, _, context) => judging.compliance('ModelVersion', id, context) },
    Endpoint: { compliance: ({ id }, _, context) => judging.compliance('Endpoint', id, context) },
    Compliance: {
      findings: ({ findings }, wanted) => findingsLike(findings, wanted),
      passed: (record) => countOf(record, 'PASS'),
      failed: (record) => countOf(record, 'FAIL'),
      unknown: (record) => countOf(record, 'UNKNOWN'),
      waived: (record) => countOf(record, 'WAIVED'),
    },
    PolicyPack: { publishedAt: ({ publishedAt }) => (publishedAt ? `${publishedAt}T00:00:00.000Z` : null) },
    PolicyClause: {
      policies: ({ policies: ids }) => ids.flatMap((id) => byId.get(id) ?? []).map(ruleRecord),
      notJudged: ({ policies: ids, notJudged }) => {
        const off = ids.filter((id) => governance.without.includes(id))
        const switched = off.length > 0 ? `Switched off in the configuration: ${off.join(', ')}.` : undefined
        return [notJudged, switched].filter((part) => part !== undefined).join(' ') || null
      },
    },
  }
}
