/** What is missing, as the graph tells it. */
export interface Missing {
  readonly source: string | null
  readonly reason: string
  readonly message: string
  readonly count: number | null
}

/** One thing of a walk. */
export interface ExportNode {
  readonly id: string
  readonly type: string
  readonly label: string
  readonly depth: number
  readonly truncated: boolean
  readonly incomplete: readonly Missing[]
}

/** One step of a walk, from what is made from to what is made. */
export interface ExportEdge {
  readonly from: string
  readonly to: string
  readonly field: string
  readonly link: { readonly method: string; readonly confidence: number; readonly evidence: string } | null
}

/** A walk, as `Query.lineage` answers it. */
export interface Lineage {
  readonly root: string
  readonly nodes: readonly ExportNode[]
  readonly edges: readonly ExportEdge[]
  readonly incomplete: readonly Missing[]
}

/** What an export asks the graph for. */
export const LINEAGE = `query LineageExport($of: ID!, $direction: LineageWalk, $depth: Int, $maxNodes: Int) {
  lineage(of: $of, direction: $direction, depth: $depth, maxNodes: $maxNodes) {
    root
    nodes { id type label depth truncated incomplete { source reason message count } }
    edges { from to field link { method confidence evidence } }
    incomplete { source reason message count }
  }
}`

/** How much is missing: entries, at things and beside them. */
export const missingIn = ({ nodes, incomplete }: Lineage): number =>
  nodes.reduce((sum, node) => sum + node.incomplete.length, incomplete.length)

/** One entry in words. */
const missingText = ({ source, reason, message }: Missing): string =>
  `${reason}${source === null ? '' : ` (${source})`}: ${message}`

/** The evidence of a step in words; undefined: one tool's own word. */
export const linkText = ({ link }: ExportEdge): string | undefined =>
  link === null ? undefined : `${link.method} ${link.confidence}`

/** Whether a step is only inferred, so that it is drawn another way. */
export const isInferred = ({ link }: ExportEdge): boolean => link?.method === 'MATCHED' || link?.method === 'GUESSED'

/** A walk for a language that wants short names: those of its things, and what is missing, each at its thing or beside all. */
export function shorthand({ nodes, incomplete }: Lineage): {
  readonly names: ReadonlyMap<string, string>
  readonly notes: readonly { readonly at: string | undefined; readonly text: string }[]
} {
  const names = new Map(nodes.map(({ id }, i) => [id, `n${i}`]))
  const notes = [
    ...nodes.flatMap((node) => node.incomplete.map((one) => ({ at: names.get(node.id), text: missingText(one) }))),
    ...incomplete.map((one) => ({ at: undefined, text: missingText(one) })),
  ]
  return { names, notes }
}
