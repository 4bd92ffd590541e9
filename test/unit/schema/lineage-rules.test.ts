import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import { nullUnless } from '#schema/rules/null-unless.ts'
import { compose } from '../../../schema/compose.ts'
import { lineageLinked, nullLinked } from '../../../schema/rules/directives-linked.ts'
import { lineageMirrored } from '../../../schema/rules/lineage-mirrored.ts'
import { lineage, subgraph } from './graphs.ts'

const up = '@lineage(direction: UPSTREAM)'
const down = '@lineage(direction: DOWNSTREAM)'

describe('a lineage edge', () => {
  const version = (model: string) =>
    subgraph(
      'models',
      `type Model @key(fields: "id") { id: ID! champion: Version ${up} }
      type Version @key(fields: "id") { id: ID! ${model} }`,
    )

  it('passes with its mirror', () => {
    expect(lineageMirrored([version(`model: Model! ${down}`)])).toEqual([])
  })

  it('is refused without a mirror, or with one of the same direction', () => {
    for (const wrong of ['model: Model!', `model: Model! ${up}`]) {
      const [problem] = lineageMirrored([version(wrong)])
      expect(problem?.element).toBe('Model.champion')
      expect(problem?.message).toContain(
        'Model.champion is a lineage edge (UPSTREAM) to Version, and no field of Version leads back to Model: ' +
          'add one to Version with @lineage(direction: DOWNSTREAM)',
      )
    }
  })

  it('is mirrored from another subgraph, through lists and value types', () => {
    const serving = subgraph(
      'serving',
      `type Version @key(fields: "id") { id: ID! servedBy: ServedBy ${down} }
      type ServedBy { nodes: [Served!]! }
      type Served { endpoint: Endpoint! }
      type Endpoint @key(fields: "id") { id: ID! }`,
    )
    const mirror = subgraph(
      'models',
      `type Endpoint @key(fields: "id") { id: ID! origins: [Origin!] ${up} }
      type Origin { version: Version evidence: String }
      type Version @key(fields: "id") { id: ID! }`,
    )
    expect(lineageMirrored([serving, mirror])).toEqual([])
    expect(lineageMirrored([serving]).map(({ element }) => element)).toEqual(['Version.servedBy'])
  })

  it('does not pass through an entity to what lies behind it', () => {
    const chain = subgraph(
      'a',
      `type A @key(fields: "id") { id: ID! b: B ${up} }
      type B @key(fields: "id") { id: ID! a: A ${down} c: C }
      type C @key(fields: "id") { id: ID! }`,
    )
    expect(lineageMirrored([chain])).toEqual([])
  })

  it('needs a mirror on every entity it leads to, members of a union included', () => {
    const a = subgraph(
      'a',
      `type A @key(fields: "id") { id: ID! sources: [Source!] ${up} }
      union Source = B | C
      type B @key(fields: "id") { id: ID! a: A ${down} }
      type C @key(fields: "id") { id: ID! }`,
    )
    const problems = lineageMirrored([a])
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain('to C')
  })

  it('through an interface is a mirror for what may stand behind it, and needs one of them', () => {
    const app = (back: string) =>
      subgraph(
        'a',
        `type App implements Node @key(fields: "id") { id: ID! dependsOn: [Node] ${up} }
        type Model implements Node @key(fields: "id") { id: ID! ${back} }
        type Alert implements Node @key(fields: "id") { id: ID! }`,
      )
    expect(lineageMirrored([app(`apps: [App!] ${down}`)])).toEqual([])
    expect(lineageMirrored([app('apps: [App!]')]).map(({ element }) => element)).toEqual(['App.dependsOn'])
  })

  it('is refused where it starts or ends at no entity', () => {
    const a = subgraph(
      'a',
      `type Value { a: A ${up} }
      type A @key(fields: "id") { id: ID! text: String ${up} }`,
    )
    expect(lineageMirrored([a]).map(({ message }) => message)).toEqual([
      expect.stringContaining('Value.a is marked @lineage, but Value is no entity'),
      expect.stringContaining('A.text is marked @lineage, but leads to no entity'),
    ])
  })
})

describe('@lineage', () => {
  const body = `type Query { a: A }
    type A @key(fields: "id") { id: ID! a: A ${up} }`
  const link = '@link(url: "https://modelops.example/lineage/v1.0", import: ["@lineage"])'

  it('passes when linked and composed, and where it is not used', () => {
    expect(lineageLinked([subgraph('a', `${lineage}\n${body}`), subgraph('b', 'type Query { b: Int }')])).toEqual([])
  })

  it('is refused without its @link and @composeDirective, which composition drops silently', () => {
    const bare = subgraph('bare', body)
    expect(compose([bare]).supergraphSdl).not.toContain('@lineage')
    const [problem, ...rest] = lineageLinked([bare])
    expect(rest).toEqual([])
    expect(problem?.message).toContain(`Add to schema/bare.graphql: extend schema ${link} @composeDirective`)
  })

  it('is refused without one of the two, and told which', () => {
    const linked = lineageLinked([subgraph('a', `extend schema ${link}\n${body}`)])
    expect(linked[0]?.message).toMatch(/extend schema @composeDirective\(name: "@lineage"\)$/)
    const composed = lineageLinked([subgraph('a', `extend schema @composeDirective(name: "@lineage")\n${body}`)])
    expect(composed[0]?.message.endsWith(`extend schema ${link}`)).toBe(true)
  })
})

describe('@null', () => {
  it('is refused without its @link and @composeDirective: rules would take none for not known', () => {
    const [problem, ...rest] = nullLinked([subgraph('a', 'type Query { a: String @null(means: NONE) }')])
    expect(rest).toEqual([])
    const link = '@link(url: "https://modelops.example/null/v1.0", import: ["@null"])'
    expect(problem?.rule).toBe('null-linked')
    expect(problem?.message).toContain(
      `Add to schema/a.graphql: extend schema ${link} @composeDirective(name: "@null")`,
    )
  })

  it('names with unless a field beside that tells what is missing', () => {
    const body = (unless: string) =>
      `type Query { a: String @null(means: NONE, unless: "${unless}") b: B c: String d(x: Int): B } type B { incomplete: [Incomplete!]! } type Incomplete { reason: String }`
    const found = (unless: string) => nullUnless([subgraph('a', body(unless))]).map(({ message }) => message)
    expect(found('b')).toEqual([])
    for (const wrong of ['c', 'd', 'gone']) {
      expect(found(wrong)).toEqual([expect.stringContaining(`unless: "${wrong}" of Query.a has to name a field`)])
    }
  })

  it('is in the composed graph, where rules read it', () => {
    const graph = readRuleGraph(readFileSync(join(projectRoot, supergraphFile), 'utf8'))
    expect(graph.nullMeansNone('Model', 'champion')).toBe(true)
    expect(graph.nullMeansNone('ModelVersion', 'run')).toBe(false)
    expect([graph.nullUnless('Model', 'owners'), graph.nullUnless('Model', 'champion')]).toEqual(['claims', undefined])
    expect(graph.requires('Model', 'served')).toEqual([expect.stringContaining('candidates')])
  })
})
