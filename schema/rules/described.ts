import { elementsOf, type SchemaElement } from '../coordinates.ts'
import { directivesOf } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'described'

/**
 * GraphiQL's side panel is the manual, so everything a subgraph defines carries a description. One subgraph's is enough:
 * composition takes it over, and two that differ would be one too many. `@external` fields belong to another subgraph.
 */
export function described(subgraphs: readonly Subgraph[]): Problem[] {
  const elements = subgraphs.flatMap((subgraph) => elementsOf(subgraph.typeDefs)).filter(isOwn)
  const told = new Set(
    elements.filter(({ node }) => node.description?.value.trim()).map(({ coordinate }) => coordinate),
  )
  const untold = new Map(elements.filter(({ coordinate }) => !told.has(coordinate)).map((one) => [one.coordinate, one]))
  return [...untold.values()].map(({ coordinate, node }) =>
    problemAt(
      node,
      rule,
      coordinate,
      `${coordinate} has no description in any subgraph: say in one of them what it is, and what null means where it can be`,
    ),
  )
}

const isOwn = ({ node }: SchemaElement) => directivesOf(node, 'external').length === 0
