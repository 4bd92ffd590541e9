import { describe, expect, it } from 'vitest'
import { CompositionError, compose } from '../../../schema/compose.ts'
import { lineage, subgraph } from './graphs.ts'

const models = subgraph(
  'models',
  `${lineage}
  type Query { model: Model }
  type Model @key(fields: "id") { id: ID! name: String champion: Version @lineage(direction: UPSTREAM) }
  type Version @key(fields: "id") { id: ID! model: Model @lineage(direction: DOWNSTREAM) }`,
)
const serving = subgraph('serving', 'type Model @key(fields: "id") { id: ID! served: Page }')

/** The error that composing throws. */
function failure(...subgraphs: Parameters<typeof compose>[0]): CompositionError {
  try {
    compose(subgraphs)
  } catch (error) {
    if (error instanceof CompositionError) return error
    throw error
  }
  throw new Error('it composed')
}

describe('composition', () => {
  it('keeps the lineage of a field and gives placeholder addresses', () => {
    const { supergraphSdl } = compose([models, serving])
    expect(supergraphSdl).toMatch(/champion: Version .*@lineage\(direction: UPSTREAM\)/)
    expect(supergraphSdl).toContain('@join__graph(name: "serving", url: "http://serving.subgraph")')
  })

  it('gives the same text whatever the order of the subgraphs', () => {
    expect(compose([serving, models]).supergraphSdl).toBe(compose([models, serving]).supergraphSdl)
  })

  it('names each error with its code, the subgraphs and the lines', () => {
    const a = subgraph('a', 'type Query { a: A }\ntype A { name: String\n size: Int }')
    const b = subgraph('b', 'type Query { b: A }\ntype A { name: String\n size: Float @shareable }')
    const error = failure(a, b)
    expect(error.problems.length).toBeGreaterThan(1)
    expect(error.message).toContain('The subgraphs a, b do not compose:')
    expect(error.message).toMatch(/schema\/a\.graphql:4, schema\/b\.graphql:4: FIELD_TYPE_MISMATCH: .*"A.size"/)
    expect(error.message).toMatch(/INVALID_FIELD_SHARING: .*"A.name"/)
  })

  it('says when no subgraph can answer a field', () => {
    const error = failure(
      subgraph('a', 'type Query { a: A }\ntype A @key(fields: "id") { id: ID! }'),
      subgraph('b', 'type A @key(fields: "key") { key: ID! name: String }'),
    )
    expect(error.message).toContain('SATISFIABILITY_ERROR')
    expect(error.message).toContain('"A.name"')
  })

  it('tells what the composer found odd', () => {
    const one = subgraph('a', 'type Query { a: V }\n"One."\ntype V @shareable { x: Int }')
    const other = subgraph('b', 'type Query { b: V }\n"Another."\ntype V @shareable { x: Int }')
    expect(compose([one, other]).hints).toEqual([expect.stringContaining('INCONSISTENT_DESCRIPTION: Element "V"')])
  })
})
