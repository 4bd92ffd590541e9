import { readFileSync } from 'node:fs'
import { printSchema, Supergraph } from '@apollo/federation-internals'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examples } from '../../web/examples.ts'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

describe('the example queries', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await startCompanyGraph(({ sources: _, ...settings }) => settings)
  })
  afterAll(() => graph.close())

  it.each(examples)('"$title" is a query of this graph', ({ query }) => {
    const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')
    const schema = buildSchema(printSchema(Supergraph.build(sdl).apiSchema()))
    expect(validate(schema, parse(query))).toEqual([])
  })

  it.each(examples)('"$title" has an answer at the demonstration company', async ({ query }) => {
    const data = await graph.data<Record<string, { nodes?: object[] } | object[]>>(query)
    for (const part of Object.values(data)) {
      const rows = Array.isArray(part) ? part : (part.nodes ?? Object.values(part).flat())
      expect(rows?.length).toBeGreaterThan(0)
    }
  })
})
