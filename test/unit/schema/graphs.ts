import { parseSubgraph, type Subgraph } from '../../../schema/subgraphs.ts'

/** What every subgraph of these tests imports. */
export const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", ' +
  'import: ["@key", "@shareable", "@external", "@requires", "@inaccessible", "@composeDirective"])'

/** What a subgraph has to say for its `@lineage` to survive composition. */
export const lineage =
  'extend schema @link(url: "https://modelops.example/lineage/v1.0", import: ["@lineage"]) ' +
  '@composeDirective(name: "@lineage")'

/** The shared definitions of these tests. */
export const common = `
"ISO 8601."
scalar DateTime
"A thing with an id."
interface Node { "Global." id: ID! }
"A part of a list."
type Page @shareable { "When it was read." at: DateTime }
"Marks an edge."
directive @lineage("Towards what." direction: lineage__Direction!) on FIELD_DEFINITION
"Of an edge."
enum lineage__Direction { "To causes." UPSTREAM "To effects." DOWNSTREAM }
`

/** A subgraph with the federation header and the common definitions that it reaches. */
export function subgraph(name: string, body: string): Subgraph {
  return parseSubgraph(name, `${federation}\n${body}`, common)
}
