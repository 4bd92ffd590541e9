import { buildSchema, type GraphQLResolveInfo, graphql } from 'graphql'
import { expect, it } from 'vitest'
import { selects } from '#services/ci/selection.ts'

const schema = buildSchema(
  'type Query { list: List } type List { nodes: [Item] other: Item } type Item { cheap: Int dear: Int }',
)

it.each([
  ['{ list { nodes { cheap dear } } }', true],
  ['{ list { nodes { cheap } } }', false],
  ['{ list { nodes { cheap } other { dear } } }', false],
  ['{ list { all: nodes { cost: dear } } }', true],
  ['{ list { ... on List { nodes { ...Dear } } } } fragment Dear on Item { dear }', true],
  ['{ list { nodes { cheap } } list { nodes { dear } } }', true],
  ['{ list { __typename } }', false],
])('%s selects what is dear: %s', async (source, expected) => {
  let found: boolean | undefined
  const list = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
    found = selects(info, ['nodes'], ['dear', 'dearer'])
    return null
  }
  const { errors } = await graphql({ schema, source, rootValue: { list } })
  expect([errors, found]).toEqual([undefined, expected])
})
