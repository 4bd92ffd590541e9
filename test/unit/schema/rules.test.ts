import { describe, expect, it } from 'vitest'
import { printProblem } from '../../../schema/problem.ts'
import { connections } from '../../../schema/rules/connections.ts'
import { described } from '../../../schema/rules/described.ts'
import { naming } from '../../../schema/rules/naming.ts'
import { nullableAdditions } from '../../../schema/rules/nullable-additions.ts'
import { nullableRoot } from '../../../schema/rules/nullable-root.ts'
import type { Subgraph } from '../../../schema/subgraphs.ts'
import { subgraph } from './graphs.ts'

const elements = (rule: (subgraphs: readonly Subgraph[]) => { element: string }[], ...subgraphs: Subgraph[]) =>
  rule(subgraphs).map((problem) => problem.element)

describe('root fields', () => {
  it('pass when nullable, whatever stands inside', () => {
    expect(nullableRoot([subgraph('a', 'type Query { a(id: ID!): Int b: [Int!] }')])).toEqual([])
  })

  it('are refused when non-null, with the way out', () => {
    const [problem, ...rest] = nullableRoot([subgraph('a', 'type Query {\n a: Int!\n b: Int }')])
    expect(rest).toEqual([])
    expect(problem && printProblem(problem)).toMatch(
      /^schema\/a\.graphql:3: Query\.a is a non-null root field: .*Take the outer "!" off.* \(nullable-root\)$/,
    )
  })

  it('are found in mutations, extensions, and under other names', () => {
    const a = subgraph(
      'a',
      `extend schema { query: Root }
      type Root { a: [Int]! }
      extend type Mutation { b: Int! }`,
    )
    expect(elements(nullableRoot, a)).toEqual(['Root.a', 'Mutation.b'])
  })
})

describe('fields added to an entity of another subgraph', () => {
  const home = subgraph('home', '"A model."\ntype Model @key(fields: "id") { id: ID! name: String! }')
  const adding = (fields: string) => subgraph('other', `type Model @key(fields: "id") { id: ID! ${fields} }`)

  it('pass when nullable, and so do keys, external fields, and what the home has too', () => {
    const other = adding('name: String! @external size: Int! @external extra: [Int!] @requires(fields: "name")')
    expect(nullableAdditions([home, other])).toEqual([])
    expect(nullableAdditions([home, adding('name: String!')])).toEqual([])
  })

  it('are refused when non-null, whichever subgraph comes first', () => {
    const other = adding('extra: Int!')
    expect(elements(nullableAdditions, home, other)).toEqual(['Model.extra'])
    const [problem] = nullableAdditions([other, home])
    expect(problem?.message).toMatch(/^Model\.extra is a non-null field that other adds to an entity of home/)
  })

  it('are found in an extension', () => {
    const other = subgraph('other', 'extend type Model @key(fields: "id") { id: ID! extra: Int! }')
    expect(elements(nullableAdditions, home, other)).toEqual(['Model.extra'])
  })

  it('are found while nobody describes the entity: most fields make the home', () => {
    const undescribed = subgraph('home', 'type Model @key(fields: "id") { id: ID! name: String! owner: String }')
    expect(elements(nullableAdditions, adding('extra: Int!'), undescribed)).toEqual(['Model.extra'])
  })

  it('need one home: an entity described twice is refused', () => {
    const [problem, ...rest] = nullableAdditions([
      home,
      subgraph('other', '"Mine."\ntype Model @key(fields: "id") { id: ID! }'),
    ])
    expect(rest).toEqual([])
    expect(problem?.message).toContain('Model is described in home and in other')
  })

  it('do not bind value types', () => {
    const shared = 'type Value @shareable { x: Int! }'
    expect(nullableAdditions([subgraph('a', shared), subgraph('b', shared)])).toEqual([])
  })
})

describe('descriptions', () => {
  it('are needed on everything', () => {
    const a = subgraph(
      'a',
      `type Query { a(id: ID): Int }
      input In { x: Int }
      enum E { V }
      scalar S
      union U = Query
      interface I { x: Int }
      directive @d(arg: Int) on OBJECT`,
    )
    expect(elements(described, a)).toEqual([
      'Query',
      'Query.a',
      'Query.a(id:)',
      'In',
      'In.x',
      'E',
      'E.V',
      'S',
      'U',
      'I',
      'I.x',
      '@d',
      '@d(arg:)',
    ])
  })

  it('are needed once, in any of the subgraphs', () => {
    const a = subgraph('a', '"Roots."\ntype Query { "An a." a("Which." id: ID): Int }')
    expect(described([subgraph('b', 'type Query { a(id: ID): Int }'), a])).toEqual([])
  })

  it('of external fields are their owners’ to give, and do not count', () => {
    const stub = subgraph('b', '"A."\ntype A @key(fields: "id") { "Id." id: ID! "Name." name: String @external }')
    expect(described([stub])).toEqual([])
    const owner = subgraph('a', 'type A @key(fields: "id") { id: ID! name: String }')
    expect(elements(described, stub, owner)).toEqual(['A.name'])
  })

  it('may not be empty', () => {
    expect(elements(described, subgraph('a', '" "\nscalar S'))).toEqual(['S'])
  })
})

describe('names', () => {
  it('pass in the ways of GraphQL, and a specification’s own are left alone', () => {
    const a = subgraph(
      'a',
      `type Query { latencyP50Seconds(windowSeconds: Int): Int list: Int getter: Int @lineage(direction: UPSTREAM) }
      enum Status { NOT_READY P95 }`,
    )
    expect(naming([a])).toEqual([])
  })

  it('are refused in other ways', () => {
    const a = subgraph(
      'a',
      `type query_root { Name: Int snake_case(Arg: Int): Int getModel: Int listModels: Int }
      enum Status { ready Not_Ready TRAILING_ }
      input In { some_field: Int }`,
    )
    expect(elements(naming, a)).toEqual([
      'query_root',
      'query_root.Name',
      'query_root.snake_case',
      'query_root.snake_case(Arg:)',
      'query_root.getModel',
      'query_root.listModels',
      'Status.ready',
      'Status.Not_Ready',
      'Status.TRAILING_',
      'In.some_field',
    ])
  })
})

describe('connections', () => {
  const connection = (field: string, edges: string, node: string) =>
    subgraph(
      'a',
      `type Query { things: ${field} }
      type ThingConnection { ${edges} }
      type ThingEdge { cursor: String! ${node} }
      type LineageEdge { from: ID! }
      type Thing { id: ID! }`,
    )

  it('pass in the shape that BI tools read, and other edges are left alone', () => {
    expect(connections([connection('ThingConnection', 'edges: [ThingEdge]', 'node: Thing')])).toEqual([])
  })

  it('are refused when non-null where BI tools want null', () => {
    const strict = connection('ThingConnection!', 'edges: [ThingEdge!]', 'node: Thing!')
    expect(elements(connections, strict)).toEqual(['Query.things', 'ThingConnection.edges', 'ThingEdge.node'])
    const list = connection('ThingConnection', 'edges: [ThingEdge]!', 'node: Thing')
    expect(elements(connections, list)).toEqual(['ThingConnection.edges'])
  })

  it('are refused without edges or nodes', () => {
    const bare = connection('ThingConnection', 'nodes: [Thing!]!', 'item: Thing')
    expect(elements(connections, bare)).toEqual(['ThingConnection', 'ThingEdge'])
  })
})
