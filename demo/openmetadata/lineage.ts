import type { EdgeSpec, OpenMetadataData } from './spec.ts'

interface Walk {
  nodes: Record<string, object>
  edges: Record<string, object>
}

/**
 * The graph around a thing as `getLineage` answers it: maps of nodes by fully qualified name and of edges, each direction
 * so many steps. The root is among the nodes.
 */
export function lineageGraph(
  data: OpenMetadataData,
  { type, fullyQualifiedName: root }: EdgeSpec['from'],
  upstreamDepth: number,
  downstreamDepth: number,
): object {
  const { edges = [] } = data
  const up = walk(edges, root, upstreamDepth, ({ from, to }) => [to.fullyQualifiedName, from])
  const down = walk(edges, root, downstreamDepth, ({ from, to }) => [from.fullyQualifiedName, to])
  return {
    nodes: { [root]: node(type, root, 0), ...up.nodes, ...down.nodes },
    upstreamEdges: up.edges,
    downstreamEdges: down.edges,
  }
}

function walk(
  edges: readonly EdgeSpec[],
  root: string,
  depth: number,
  ends: (edge: EdgeSpec) => [near: string, far: EdgeSpec['from']],
): Walk {
  const found: Walk = { nodes: {}, edges: {} }
  const seen = new Set([root])
  let frontier = [root]
  for (let step = 1; step <= depth; step += 1) {
    const next: string[] = []
    for (const edge of edges) {
      const [near, far] = ends(edge)
      if (!frontier.includes(near)) continue
      const docId = `${edge.from.fullyQualifiedName}--->${edge.to.fullyQualifiedName}`
      found.edges[docId] = edgeWire(edge, docId)
      if (seen.has(far.fullyQualifiedName)) continue
      seen.add(far.fullyQualifiedName)
      next.push(far.fullyQualifiedName)
      found.nodes[far.fullyQualifiedName] = node(far.type, far.fullyQualifiedName, step)
    }
    frontier = next
  }
  return found
}

function edgeWire({ from, to, pipeline, columns = [] }: EdgeSpec, docId: string): object {
  const by = pipeline === undefined ? {} : { pipeline: { type: 'pipeline', fullyQualifiedName: pipeline } }
  return { fromEntity: from, toEntity: to, ...by, columns, source: 'Manual', docId }
}

function node(entityType: string, fullyQualifiedName: string, nodeDepth: number): object {
  return { entity: { fullyQualifiedName, entityType }, paging: {}, nodeDepth }
}
