import type { LineageEdge } from './port.ts'

/** Which way a walk goes. */
export type Direction = 'upstream' | 'downstream'

/** One dataset made from another, by their ids, as one catalog says. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly source: string
  readonly job: LineageEdge['job']
}

/** Edges by the dataset that a walk comes from. */
export class LineageGraph {
  readonly #edges = new Map<string, GraphEdge[]>()
  readonly #seen = new Set<string>()
  readonly #direction: Direction

  constructor(direction: Direction) {
    this.#direction = direction
  }

  /** An edge that is known already, and one from a dataset to itself, add nothing. */
  add(edge: GraphEdge): void {
    const key = JSON.stringify([edge.from, edge.to, edge.source, edge.job?.namespace, edge.job?.name])
    if (edge.from === edge.to || this.#seen.has(key)) return
    this.#seen.add(key)
    const start = this.#direction === 'upstream' ? edge.to : edge.from
    const edges = this.#edges.get(start)
    if (edges) edges.push(edge)
    else this.#edges.set(start, [edge])
  }

  /** The datasets one step on, with the edges that lead there. */
  next(id: string): ReadonlyMap<string, readonly GraphEdge[]> {
    const edges = this.#edges.get(id) ?? []
    return Map.groupBy(edges, ({ from, to }) => (this.#direction === 'upstream' ? from : to))
  }

  /** Steps that are left at each dataset within so many of a start, by what one source says. */
  within(start: string, steps: number, source: string): Map<string, number> {
    const left = new Map([[start, steps]])
    let frontier = [start]
    for (let remaining = steps - 1; remaining >= 0 && frontier.length > 0; remaining -= 1) {
      const found = frontier.flatMap((id) =>
        [...this.next(id)].flatMap(([to, edges]) => (edges.some((edge) => edge.source === source) ? [to] : [])),
      )
      frontier = [...new Set(found)].filter((id) => !left.has(id))
      for (const id of frontier) left.set(id, remaining)
    }
    return left
  }
}
