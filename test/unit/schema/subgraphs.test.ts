import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSubgraph, parseSubgraph } from '../../../schema/subgraphs.ts'
import { common, lineage, subgraph } from './graphs.ts'

describe('a subgraph', () => {
  it('takes the common definitions it reaches, through others too', () => {
    const { sdl } = subgraph('a', 'type Query { page: Page }')
    expect(sdl).toContain('type Page')
    expect(sdl).toContain('scalar DateTime')
  })

  it('leaves out the common definitions it does not reach', () => {
    const { sdl } = subgraph('a', 'type Query { page: Page }')
    expect(sdl).not.toContain('interface Node')
    expect(sdl).not.toContain('lineage')
  })

  it('takes a directive with the types of its arguments', () => {
    const { sdl } = subgraph('a', 'type A { b: String @lineage(direction: UPSTREAM) }')
    expect(sdl).toContain('directive @lineage')
    expect(sdl).toContain('enum lineage__Direction')
  })

  it('takes a directive that it composes without using it', () => {
    const { sdl } = subgraph('a', `${lineage}\ntype Query { a: Int }`)
    expect(sdl).toContain('directive @lineage')
  })

  it('takes an interface and a common type that it extends', () => {
    expect(subgraph('a', 'type A implements Node { id: ID! }').sdl).toContain('interface Node')
    expect(subgraph('a', 'extend type Page { total: Int }').sdl).toContain('\ntype Page')
  })

  it('may not define what is common', () => {
    expect(() => subgraph('a', 'type Page { at: String }')).toThrow(
      'Page is defined in schema/a.graphql and in schema/common.graphql',
    )
  })

  it('says where its syntax is wrong', () => {
    expect(() => parseSubgraph('a', 'type A {\n  b: }')).toThrow('schema/a.graphql:2:6')
  })

  it('is read from its own file and the common one', () => {
    const root = mkdtempSync(join(tmpdir(), 'schema-'))
    mkdirSync(join(root, 'schema'))
    writeFileSync(join(root, 'schema/common.graphql'), common)
    writeFileSync(join(root, 'schema/a.graphql'), 'type Query { page: Page }')
    try {
      expect(loadSubgraph('a', root)).toMatchObject({ name: 'a', sdl: expect.stringContaining('type Page') })
      expect(() => loadSubgraph('b', root)).toThrow('b.graphql')
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})
