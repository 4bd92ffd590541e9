import type { ExportEdge, ExportNode, Lineage, Missing } from '../exports/lineage.ts'
import { isRecord, type Spot } from './answer.ts'

/** Puts walks from the model and from its versions in use together: each thing and each step once. */
export function readLineage(root: string, walks: readonly Spot[]): Lineage {
  const nodes = new Map<string, ExportNode>()
  const edges = new Map<string, ExportEdge>()
  const incomplete = new Map<string, Missing>()
  for (const walk of walks) {
    for (const { source = null, count = null, ...one } of [...walk.incomplete, ...walk.why]) {
      const hole = { ...one, source, count }
      incomplete.set(JSON.stringify(hole), hole)
    }
    for (const node of valuesOf<ExportNode>(walk.get('nodes'))) {
      const before = nodes.get(node.id)
      nodes.set(node.id, before ? nearer(before, node) : node)
    }
    for (const edge of valuesOf<ExportEdge>(walk.get('edges'))) {
      const key = JSON.stringify([edge.from, edge.to])
      const before = edges.get(key)
      if (!before || confidence(edge) > confidence(before)) edges.set(key, edge)
    }
  }
  const byDepth = [...nodes.values()].sort((a, b) => a.depth - b.depth)
  return { root, nodes: byDepth, edges: [...edges.values()], incomplete: [...incomplete.values()] }
}

/** A thing that one walk was cut at and another went on from is not cut. */
function nearer(a: ExportNode, b: ExportNode): ExportNode {
  const whole = [a, b].find(({ truncated }) => !truncated) ?? a
  return { ...whole, depth: Math.min(a.depth, b.depth) }
}

const confidence = ({ link }: ExportEdge) => link?.confidence ?? 1

const valuesOf = <T>(spot: Spot): T[] => spot.items.flatMap(({ value }) => (isRecord(value) ? [value as T] : []))
