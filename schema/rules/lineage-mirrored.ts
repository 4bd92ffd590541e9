import { type LineageField, LineageGraph } from '../lineage-graph.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'lineage-mirrored'

/**
 * A walk has to find the same graph from both ends: for each entity that a lineage field leads to, that entity has a field
 * of the opposite direction that leads back. What stands behind an interface is not known, so it can be the mirror of
 * another edge but need not have one itself; a field that leads to nothing else needs one mirror among them.
 */
export function lineageMirrored(subgraphs: readonly Subgraph[]): Problem[] {
  const graph = new LineageGraph(subgraphs)
  return graph.fields.flatMap((field) => {
    const name = `${field.type}.${field.name}`
    const problem = (words: string) => problemAt(field.node, rule, name, `${name} ${words}`)
    if (!graph.isEntity(field.type)) {
      return [problem(`is marked @lineage, but ${field.type} is no entity: mark the entity's field that leads to it`)]
    }
    const { sure, possible } = graph.reach(field.target)
    if (sure.size === 0) {
      if ([...possible].some((target) => isMirrored(graph, field, target))) return []
      return [problem('is marked @lineage, but leads to no entity that leads back: give it one, or take @lineage off')]
    }
    return [...sure]
      .filter((target) => !isMirrored(graph, field, target))
      .map((target) =>
        problem(
          `is a lineage edge (${field.direction}) to ${target}, and no field of ${target} leads back to ${field.type}: ` +
            `add one to ${target} with @lineage(direction: ${opposite(field.direction)}), or take @lineage off`,
        ),
      )
  })
}

const opposite = (direction: string) => (direction === 'UPSTREAM' ? 'DOWNSTREAM' : 'UPSTREAM')

function isMirrored(graph: LineageGraph, edge: LineageField, target: string): boolean {
  return graph.fields
    .filter((field) => field.type === target && field.direction === opposite(edge.direction))
    .map((field) => graph.reach(field.target))
    .some(({ sure, possible }) => sure.has(edge.type) || possible.has(edge.type))
}
