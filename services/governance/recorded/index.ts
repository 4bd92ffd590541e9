import type { GraphPort } from '#lib/graph.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { StatefulOptions } from '#lib/subgraph.ts'
import type { Resolvers } from '../schema.generated.ts'
import { createMutations } from './mutations.ts'
import { createRecordedResolvers } from './resolvers.ts'
import { createSubjects } from './subjects.ts'
import { createUseCases } from './use-cases.ts'

/** The recorded half of governance: what people say, kept in the state. */
export function createRecorded(
  { config, state }: StatefulOptions,
  graph: GraphPort,
  policies: readonly Rule[],
): Resolvers {
  const subjects = createSubjects(config, graph)
  const useCases = createUseCases(state, subjects)
  const mutations = createMutations({ state, graph, subjects, useCases, policies, people: config.people })
  return createRecordedResolvers({ state, subjects, useCases, mutations, config })
}
