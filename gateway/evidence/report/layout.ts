import type { ExportEdge, ExportNode, Lineage } from '../../exports/lineage.ts'

/** A place in a picture: which column, and which row of it. */
export interface Place {
  readonly column: number
  readonly row: number
}

/** A thing with its place. */
export interface Placed extends Place {
  readonly node: ExportNode
}

/** A step with the places it leads through, so that it crosses no thing that it has nothing to do with. */
export interface Routed {
  readonly edge: ExportEdge
  readonly through: readonly Place[]
}

/** A picture's things by column, from what is made from to what is made. */
export interface Layout {
  readonly placed: readonly Placed[]
  readonly routes: readonly Routed[]
  readonly columns: number
  /** Places in the fullest column. */
  readonly rows: number
}

/** What takes a place: a thing, or what leads by in that column from one thing to others further right. */
interface Slot {
  readonly key: string
  readonly node?: ExportNode
  /** Keys of what is left of it. */
  readonly before: string[]
}

/** Lays out in layers: each thing stands right of all that it is made from, as far as that is no circle. */
export function layered({ nodes, edges: all }: Pick<Lineage, 'nodes' | 'edges'>): Layout {
  const ids = new Set(nodes.map(({ id }) => id))
  const edges = all.filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to))
  const column = columnsOf(nodes, edges)
  const at = (id: string) => column.get(id) ?? 0
  const columns = Math.max(-1, ...column.values()) + 1
  const slots: Map<string, Slot>[] = Array.from({ length: columns }, () => new Map())
  for (const node of nodes) slots[at(node.id)]?.set(node.id, { key: node.id, node, before: [] })
  for (const { from, to } of edges) {
    let left = from
    for (let i = at(from) + 1; i < at(to); i++) {
      const key = passing(from, i)
      const slot = slots[i]?.get(key) ?? { key, before: [left] }
      slots[i]?.set(key, slot)
      left = key
    }
    if (at(from) < at(to)) slots[at(to)]?.get(to)?.before.push(left)
  }

  const places = new Map<string, Place>()
  for (const [i, own] of slots.entries()) {
    const wanted = (slot: Slot) => middle(slot.before.map((key) => places.get(key)?.row))
    const sorted = [...own.values()].toSorted((a, b) => wanted(a) - wanted(b) || a.key.localeCompare(b.key, 'en'))
    for (const [row, { key }] of sorted.entries()) places.set(key, { column: i, row })
  }
  const placeOf = (key: string): Place => places.get(key) ?? { column: 0, row: 0 }
  const through = ({ from, to }: ExportEdge) =>
    Array.from({ length: Math.max(0, at(to) - at(from) - 1) }, (_, i) => placeOf(passing(from, at(from) + 1 + i)))
  return {
    placed: nodes.map((node) => ({ node, ...placeOf(node.id) })),
    routes: edges.map((edge) => ({ edge, through: through(edge) })),
    columns,
    rows: Math.max(0, ...slots.map(({ size }) => size)),
  }
}

/** Steps from one thing share the way until they part. */
const passing = (from: string, column: number) => `${column} ${from}`

/** The longest way to each thing; a step that closes a circle counts for nothing. What nothing leads to stands beside what it leads to. */
function columnsOf(nodes: readonly ExportNode[], edges: readonly ExportEdge[]): Map<string, number> {
  const into = Map.groupBy(edges, ({ to }) => to)
  const outOf = Map.groupBy(edges, ({ from }) => from)
  const column = new Map<string, number>()
  const onTheWay = new Set<string>()
  const visit = (id: string): number => {
    const known = column.get(id)
    if (known !== undefined) return known
    onTheWay.add(id)
    const before = (into.get(id) ?? []).filter(({ from }) => !onTheWay.has(from)).map(({ from }) => visit(from))
    onTheWay.delete(id)
    const own = Math.max(-1, ...before) + 1
    column.set(id, own)
    return own
  }
  for (const { id } of nodes) visit(id)
  for (const { id } of nodes) {
    const next = (outOf.get(id) ?? []).flatMap(({ to }) => column.get(to) ?? [])
    if (!into.has(id) && next.length > 0) column.set(id, Math.max(0, Math.min(...next) - 1))
  }
  return column
}

function middle(rows: readonly (number | undefined)[]): number {
  const known = rows.filter((row) => row !== undefined)
  return known.length === 0 ? 0 : known.reduce((sum, row) => sum + row, 0) / known.length
}
