import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { largeLineage } from '../seed/large-lineage.ts'
import { type Graph, startGraph } from './graph.ts'

const WALK = `query ($maxNodes: Int) {
  lineage(of: "Endpoint:server:server", direction: UPSTREAM, depth: 6, maxNodes: $maxNodes) {
    nodes { id type depth truncated incomplete { reason source } } edges { from to } incomplete { reason } } }`

interface Lineage {
  readonly lineage: {
    readonly nodes: readonly {
      readonly id: string
      readonly type: string
      readonly depth: number
      readonly truncated: boolean
      readonly incomplete: readonly { readonly reason: string; readonly source: string | null }[]
    }[]
    readonly edges: readonly { readonly from: string; readonly to: string }[]
    readonly incomplete: readonly object[]
  }
}

/** Milliseconds of a query by default (`gateway.requestDeadlineMilliseconds`). */
const DEADLINE = 10_000

describe('lineage of 2,000 things with 5,000 links between', () => {
  const closers: (() => Promise<unknown>)[] = []
  let graph: Graph
  let tools: readonly FaultServer[]
  beforeAll(async () => {
    const { data, served } = largeLineage(500)
    const mlflow = await startMlflow({ version: '3.17.2', data })
    const triton = await startOpenInference({ dialect: 'triton', models: served })
    tools = [await startFaultServer({ target: mlflow.url }), await startFaultServer({ target: triton.url })]
    const [registry, server] = tools.map(({ url }) => url)
    graph = await startGraph({
      started: true,
      sources: [
        { id: 'registry', kind: 'mlflow', url: registry },
        {
          ...{ id: 'server', kind: 'open-inference', url: server },
          ...{ registry: 'registry', convention: 'name-and-version' },
        },
      ],
    })
    closers.push(mlflow.close, triton.close, ...tools.map(({ close }) => close), graph.close)
    // Until everything has been read once.
    await graph.data('{ models(first: 1) { totalCount } endpoints { totalCount } }')
    await graph.data<Lineage>(WALK, { maxNodes: 2_000 })
  }, 60_000)
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })
  const calls = () => tools.reduce((sum, tool) => sum + tool.calls.length, 0)

  it('is answered within the default deadline, whole, and asks no tool for each thing', async () => {
    const before = calls()
    const started = performance.now()
    const { lineage } = await graph.data<Lineage>(WALK, { maxNodes: 2_000 })
    expect(performance.now() - started).toBeLessThan(DEADLINE)
    expect([lineage.nodes.length, lineage.edges.length]).toEqual([2_000, 5_000])
    expect(lineage.nodes.filter(({ truncated }) => truncated)).toEqual([])
    expect(lineage.nodes.at(-1)).toMatchObject({ type: 'Dataset', depth: 4 })
    const holes = lineage.nodes.flatMap(({ incomplete }) => incomplete)
    expect(holes.filter(({ reason }) => reason !== 'NOT_CONFIGURED')).toEqual([])
    expect(calls() - before).toBeLessThanOrEqual(10)
  })

  it('is bounded by what is asked for, and says where it was cut', async () => {
    const { lineage } = await graph.data<Lineage>(WALK, { maxNodes: 700 })
    expect(lineage.nodes.length).toBe(700)
    const ids = new Set(lineage.nodes.map(({ id }) => id))
    expect(lineage.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true)
    const cut = lineage.nodes.filter(({ truncated }) => truncated)
    expect(cut.length).toBeGreaterThan(0)
    for (const { incomplete } of cut) expect(incomplete).toContainEqual({ reason: 'TRUNCATED', source: null })
  })
})
