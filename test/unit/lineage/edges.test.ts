import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { levelDocument } from '#services/lineage/document.ts'
import { readLineageSchema } from '#services/lineage/edges.ts'

const SDL = `
directive @lineage(direction: D!) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION
enum D { UPSTREAM DOWNSTREAM }
scalar DateTime
interface Node { id: ID! }
type Query { nodes(ids: [ID!]!): [Node] }
type Link { method: String! confidence: Float! evidence: String! }
type Incomplete { source: ID reason: String! message: String! count: Int }
type PageInfo { hasNextPage: Boolean! }
"A team's own type: nothing lists it."
type Feature implements Node {
  id: ID!
  title: String!
  tables: Tables @lineage(direction: UPSTREAM)
  tablesIncomplete: [Incomplete!]
  uses(first: Int = 10): UseConnection @lineage(direction: DOWNSTREAM)
  secret: Table @inaccessible
  by(key: String!): Table
}
type Tables { nodes: [TableUse!]! incomplete: [Incomplete!]! }
type TableUse { table: Table link: Link! again: Tables }
type UseConnection { edges: [UseEdge] nodes: [Feature!]! pageInfo: PageInfo! }
type UseEdge { node: Feature }
type Table implements Node { id: ID! rows: Int }
`

describe('the lineage of a composed graph', () => {
  const schema = readLineageSchema(SDL, 20)

  it('is every field that is marked, with what leads to entities and what stands beside', () => {
    expect(
      schema.edges.map(({ type, name, direction, selection }) => [type, name, direction, selection.trim()]),
    ).toEqual([
      [
        'Feature',
        'tables',
        'UPSTREAM',
        '{ nodes { table { __typename id } link { method confidence evidence } } incomplete { source reason message count } }',
      ],
      ['Feature', 'uses', 'DOWNSTREAM', '(first: 20) { nodes { __typename id } pageInfo { hasNextPage } }'],
    ])
  })

  it('is asked in one valid question, whatever types there are', () => {
    const { text } = levelDocument(schema, ['UPSTREAM', 'DOWNSTREAM'])
    expect(validate(buildSchema(SDL), parse(text))).toEqual([])
    expect(text).toContain('Feature_label: title')
    expect(text).not.toContain('secret')
    // What is missing about where a thing comes from is asked on the way there only.
    expect(text).toContain('Feature_tablesIncomplete_hole: tablesIncomplete {')
    expect(levelDocument(schema, ['DOWNSTREAM']).text).not.toContain('_hole')
  })
})
