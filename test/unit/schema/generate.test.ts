import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateAll } from '../../../schema/generate.ts'
import { common, federation } from './graphs.ts'

const good = `${federation}
"Roots."
type Query { "The page. null: not known." page("Since when." since: DateTime, "Which." kind: Kind): Page }
"Kinds."
enum Kind { "One." ONE }
"A thing."
type Thing @key(fields: "id") { "Id." id: ID! "Tags." tags: [String!]! }
`
const supergraph = 'schema/supergraph.graphql'
const shared = 'lib/common.generated.ts'
const types = 'services/a/schema.generated.ts'

describe('generating', () => {
  let root: string
  const put = (file: string, text: string) => writeFileSync(join(root, file), text)
  const text = (file: string) => readFileSync(join(root, file), 'utf8')
  const generate = (options: { check: boolean; mappers?: Record<string, Record<string, string>> }) =>
    generateAll({ root, names: ['a'], mappers: {}, ...options })

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'schema-'))
    mkdirSync(join(root, 'schema'))
    put('schema/common.graphql', common)
    put('schema/a.graphql', good)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('writes the supergraph and the types, once', async () => {
    expect(await generate({ check: false })).toMatchObject({
      problems: [],
      stale: [],
      written: [supergraph, shared, types],
    })
    expect(text(supergraph)).toContain('type Query')
    expect(await generate({ check: false })).toMatchObject({ written: [] })
    expect(await generate({ check: true })).toMatchObject({ problems: [], stale: [] })
  })

  it('only compares when checking', async () => {
    expect(await generate({ check: true })).toMatchObject({ stale: [supergraph, shared, types], written: [] })
    expect(existsSync(join(root, supergraph))).toBe(false)
  })

  it('finds what is stale after a change of the schema, or by hand', async () => {
    await generate({ check: false })
    put('schema/a.graphql', good.replace('ONE }', 'ONE "Two." TWO }'))
    expect(await generate({ check: true })).toMatchObject({ stale: [supergraph, types] })
    await generate({ check: false })
    put(types, `${text(types)}// mine\n`)
    expect(await generate({ check: true })).toMatchObject({ stale: [types] })
  })

  it('writes nothing while a rule is broken', async () => {
    put('schema/a.graphql', good.replace('): Page', '): Page!'))
    const { problems, written } = await generate({ check: false })
    expect(problems.map(({ rule, element }) => [rule, element])).toEqual([['nullable-root', 'Query.page']])
    expect(written).toEqual([])
    expect(existsSync(join(root, supergraph))).toBe(false)
  })

  it('tells errors of composition together with broken rules', async () => {
    put('schema/a.graphql', `${good}\ntype Thing2 @key(fields: "nothing") { "Id." id: ID! }`)
    const { problems } = await generate({ check: true })
    expect(problems.map(({ rule }) => rule)).toEqual(['composition', 'described'])
    expect(problems[0]).toMatchObject({ at: expect.stringContaining('schema/a.graphql:') })
  })

  it('does not leave out a contract in silence', async () => {
    put('schema/b.graphql', 'type Query { b: Int }')
    const { problems } = await generate({ check: true })
    expect(problems.map(({ message }) => message)).toEqual([
      'schema/b.graphql belongs to no subgraph: add its name to subgraphNames in schema/subgraphs.ts',
    ])
  })

  it('gives types that Node runs as they stand and that know context and records', async () => {
    await generate({ check: false, mappers: { a: { Thing: './port.ts#ThingRecord' } } })
    const source = text(types)
    expect(source).toContain("import type { RequestContext } from '#lib/context.ts'")
    expect(source).toContain("import type { ThingRecord } from './port.ts'")
    expect(source).toContain('Thing: ResolverTypeWrapper<ThingRecord>')
    expect(source).toContain('DateTime: { input: string; output: string; }')
    expect(source).not.toContain('lineage')
    expect(
      stripTypeScriptTypes(source)
        .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
        .replaceAll(';', '')
        .trim(),
    ).toBe('')
  })
})
