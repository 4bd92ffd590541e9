import type { GraphPort } from '#lib/graph.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { StatefulOptions } from '#lib/subgraph.ts'
import type { Statements } from '../judged/statements.ts'
import type { Resolvers } from '../schema.generated.ts'
import { createMutations } from './mutations.ts'
import { createRecordedResolvers } from './resolvers.ts'
import { createStatements } from './statements.ts'
import { createSubjects } from './subjects.ts'
import { createUseCases } from './use-cases.ts'

/** The recorded half of governance: what people say, kept in the state; and what of that judging reads. */
export function createRecorded(
  { config, state }: StatefulOptions,
  graph: GraphPort,
  policies: readonly Rule[],
): { readonly resolvers: Resolvers; readonly statements: Statements } {
  const subjects = createSubjects(config, graph)
  const useCases = createUseCases(state, subjects)
  const mutations = createMutations({ state, graph, subjects, useCases, policies, people: config.people })
  return {
    resolvers: createRecordedResolvers({ state, subjects, useCases, mutations, config }),
    statements: createStatements(state, subjects),
  }
}
