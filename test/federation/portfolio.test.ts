import { afterEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'
import { manyModels } from './many-models.ts'

/** The page a dashboard asks for: what is declared to be in production, from which run, over which data. */
const PORTFOLIO = `query Portfolio($first: Int) {
  models(first: $first) {
    nodes {
      name owners { name }
      champion { version runId run { name status startedAt user parameters { key value } metrics { name value text } inputs { name digest context dataset { id } } code { sha } } }
      provenance { source { id } ageSeconds stale }
    }
    totalCount
    incomplete { source reason }
  }
}`

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A graph over one MLflow with so many models, and the calls that reached it. */
async function graphOver(count: number): Promise<{ graph: Graph; calls: () => string[]; busiest: () => number }> {
  const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(count) })
  const counter = await startFaultServer({ target: mlflow.url })
  const graph = await startGraph({ sources: [{ id: 'mlflow', kind: 'mlflow', url: counter.url }] })
  closers.push(mlflow.close, counter.close, graph.close)
  return {
    graph,
    calls: () => mlflow.calls.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
    busiest: counter.busiest,
  }
}

interface Portfolio {
  models: {
    nodes: { name: string; champion: { run: { inputs: { dataset: { id: string } }[] } } }[]
    totalCount: number
    incomplete: object[]
  }
}

describe('the portfolio', () => {
  it('of 50 models costs at most 8 calls cold and none while fresh', async () => {
    const { graph, calls } = await graphOver(50)
    const { models } = await graph.data<Portfolio>(PORTFOLIO, { first: 50 })
    expect(models.nodes.map(({ champion }) => champion.run.inputs.length)).toEqual(Array(50).fill(1))
    expect(models).toMatchObject({ totalCount: 50, incomplete: [] })
    const cold = calls()
    expect(cold.length, cold.join('\n')).toBeLessThanOrEqual(8)
    await graph.data(PORTFOLIO, { first: 50 })
    await graph.data(PORTFOLIO, { first: 10 })
    expect(calls().slice(cold.length)).toEqual([])
  })

  it('of 1,000 models, page after page, costs at most 8 calls, never more than 4 at once', async () => {
    const { graph, calls, busiest } = await graphOver(1_000)
    const names = new Set<string>()
    let after: string | null = null
    do {
      const query = `query ($after: String) { models(first: 500, after: $after) { nodes { name champion { run { status } } } pageInfo { endCursor hasNextPage } } }`
      const page: { models: { nodes: { name: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } } =
        await graph.data(query, { after })
      for (const { name } of page.models.nodes) names.add(name)
      after = page.models.pageInfo.hasNextPage ? page.models.pageInfo.endCursor : null
    } while (after !== null)
    expect(names.size).toBe(1_000)
    expect(calls().length, calls().join('\n')).toBeLessThanOrEqual(8)
    expect(busiest()).toBeLessThanOrEqual(4)
  })

  it('read in the background costs the first question nothing', async () => {
    const mlflow = await startMlflow({ version: '2.22.5', data: manyModels(20) })
    const graph = await startGraph({ sources: [{ id: 'mlflow', kind: 'mlflow', url: mlflow.url }], started: true })
    closers.push(mlflow.close, graph.close)
    const dataset = 'Dataset:s3%3A%2F%2Fwarehouse:tables%2F00003'
    const query = `query ($id: ID!) { node(id: $id) { ... on Dataset { usedByRuns { nodes { run { name producedVersions { model { name } } } } incomplete { reason } } } } }`
    const { node } = await graph.data<{ node: { usedByRuns: { nodes: object[] } } }>(query, { id: dataset })
    expect(node.usedByRuns).toEqual({
      nodes: [{ run: { name: 'train 00003', producedVersions: [{ model: { name: 'model-00003' } }] } }],
      incomplete: [],
    })
    const before = mlflow.calls.length
    await graph.data(PORTFOLIO, { first: 20 })
    expect(mlflow.calls.slice(before)).toEqual([])
  })
})
