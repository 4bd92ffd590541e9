import type { Incomplete, Link } from '#lib/common.generated.ts'
import { isRecord, type Spot } from './answer.ts'

/** A thing that a walk found. */
export interface LineageNode {
  readonly id: string
  readonly type: string
  readonly label: string
  /** Steps from the nearest thing that was walked from. */
  readonly depth: number
  readonly truncated: boolean
  readonly incomplete: readonly Incomplete[]
}

/** One step: `to` is made from `from`. */
export interface LineageEdge {
  readonly from: string
  readonly to: string
  readonly field: string
  readonly link: Link | null
}

/** Where a model comes from and what stands on it, of several walks together. */
export interface Lineage {
  readonly root: string
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  readonly incomplete: readonly Incomplete[]
}

/** Puts walks from the model and from its versions in use together: each thing and each step once. */
export function readLineage(root: string, walks: readonly Spot[]): Lineage {
  const nodes = new Map<string, LineageNode>()
  const edges = new Map<string, LineageEdge>()
  const incomplete = new Map<string, Incomplete>()
  for (const walk of walks) {
    for (const one of [...walk.incomplete, ...walk.why]) incomplete.set(JSON.stringify(one), one)
    for (const node of valuesOf<LineageNode>(walk.get('nodes'))) {
      const before = nodes.get(node.id)
      nodes.set(node.id, before ? nearer(before, node) : node)
    }
    for (const edge of valuesOf<LineageEdge>(walk.get('edges'))) {
      const key = JSON.stringify([edge.from, edge.to])
      const before = edges.get(key)
      if (!before || confidence(edge) > confidence(before)) edges.set(key, edge)
    }
  }
  const byDepth = [...nodes.values()].sort((a, b) => a.depth - b.depth)
  return { root, nodes: byDepth, edges: [...edges.values()], incomplete: [...incomplete.values()] }
}

/** A thing that one walk was cut at and another went on from is not cut. */
function nearer(a: LineageNode, b: LineageNode): LineageNode {
  const whole = [a, b].find(({ truncated }) => !truncated) ?? a
  return { ...whole, depth: Math.min(a.depth, b.depth) }
}

const confidence = ({ link }: LineageEdge) => link?.confidence ?? 1

const valuesOf = <T>(spot: Spot): T[] => spot.items.flatMap(({ value }) => (isRecord(value) ? [value as T] : []))
