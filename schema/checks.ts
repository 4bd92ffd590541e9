import { type Problem, printProblem } from './problem.ts'
import { connections } from './rules/connections.ts'
import { described } from './rules/described.ts'
import { lineageLinked, nullLinked } from './rules/directives-linked.ts'
import { lineageMirrored } from './rules/lineage-mirrored.ts'
import { naming } from './rules/naming.ts'
import { nullUnless } from './rules/null-unless.ts'
import { nullableAdditions } from './rules/nullable-additions.ts'
import { nullableRoot } from './rules/nullable-root.ts'
import type { Subgraph } from './subgraphs.ts'

const rules = [
  nullableRoot,
  nullableAdditions,
  lineageLinked,
  nullLinked,
  nullUnless,
  lineageMirrored,
  connections,
  naming,
  described,
]

/** What our own rules, beyond those of Federation, find wrong with the subgraphs together; empty when all is well. */
export function check(subgraphs: readonly Subgraph[]): Problem[] {
  const problems = rules.flatMap((rule) => rule(subgraphs))
  // A definition of common.graphql stands in several subgraphs and is reported once.
  return [...new Map(problems.map((problem) => [printProblem(problem), problem])).values()]
}
