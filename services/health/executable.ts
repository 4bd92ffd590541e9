import type { GraphQLSchema } from 'graphql'
import { createAccess } from '#lib/access.ts'
import type { GraphPort } from '#lib/graph.ts'
import type { KeptList } from '#lib/rules/finding-list.ts'
import { createSweep } from '#lib/rules/sweep.ts'
import { createThresholds } from '#lib/rules/thresholds.ts'
import type { SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { loadHealthRules } from './load-rules.ts'
import { createResolvers } from './resolvers.ts'
import { createHealthResults, type HealthResults } from './results.ts'

/** What can be asked of health, and the end of what runs in the background for it. */
export interface ExecutableHealth {
  readonly schema: GraphQLSchema
  close(): Promise<void>
}

/** The executable schema, over the rules of a configuration. Throws, for the reader, when a rule or a threshold is wrong. */
export function executableHealth(
  { config, log }: SubgraphOptions,
  graph: GraphPort,
  supergraphSdl?: string,
): ExecutableHealth {
  const rules = loadHealthRules(config, supergraphSdl).map(({ rule }) => rule)
  const access = createAccess(config.access)
  const { index } = config
  const thresholds = createThresholds('health', config.health.parameters, rules)
  const results = createHealthResults({ rules, graph, thresholds, access, index })
  const lists = [listOf('models', 'Model', results), listOf('endpoints', 'Endpoint', results)]
  const { freshSeconds } = index
  const sweep = createSweep({ lists, graph, access, freshSeconds, pageSize: config.gateway.limits.pageSize, log })
  const resolvers = createResolvers(results, { lists, sweep, freshSeconds }, rules, graph, config)
  return { schema: executableSchema('health', resolvers), close: () => sweep.close() }
}

const listOf = (field: KeptList['field'], type: 'Model' | 'Endpoint', results: HealthResults): KeptList => ({
  field,
  of: (id, context) => results.of(type, id, context),
  kept: results.kept,
  anew: (id, context) => results.of(type, id, context, { anew: true }),
})
