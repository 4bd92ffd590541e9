import { afterEach, describe, expect, it } from 'vitest'
import { startMarquez } from '#demo/marquez/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const AT = '2026-01-05T00:00:00Z'
const RUN = `${'0'.repeat(31)}a`
const input = (name: string, sourceType: string, source: object) => ({
  ...{ name, sourceType, source: JSON.stringify(source), digest: 'x' },
})
const mlflowData = {
  experiments: [{ id: '1', name: 'e', createdAt: 1 }],
  runs: [
    {
      ...{ id: RUN, name: 'r', experimentId: '1', startedAt: 1, endedAt: 2 },
      datasets: [
        input('"Orders"', 'local', { uri: '/home/ana/orders.csv' }),
        input('frame', 'spark', { table_name: 'shop.customers' }),
        input('shared', 'local', { uri: '/tmp/shared.csv' }),
        input('nowhere', 'local', { uri: '/tmp/nowhere.csv' }),
        input('dataset', 'local', { uri: '/tmp/x.csv' }),
        input('placed', 's3', { uri: 's3://b/placed' }),
        input('stated', 'local', { uri: '/tmp/stated.csv' }),
      ],
    },
  ],
  models: [{ name: 'm', createdAt: 1, versions: [{ createdAt: 3, source: 's3://m', runId: RUN }] }],
}
const named = (namespace: string, name: string) => ({ namespace, name, createdAt: AT })
const marquezData = {
  datasets: [
    named('postgres://db:5432', 'shop.public.orders'),
    named('postgres://db:5432', 'shop.public.shared'),
    // MLflow calls whatever got no name so.
    named('postgres://db:5432', 'shop.public.dataset'),
    named('s3://b', 'stated'),
  ],
}
const table = (name: string) => ({ name, created_at: 1, storage_location: `file:///data/${name}` })
const catalogs = [
  {
    ...{ name: 'main', created_at: 1 },
    schemas: [{ name: 'shop', created_at: 1, tables: [table('customers'), table('shared')] }],
  },
]
const ORDERS = 'Dataset:postgres%3A%2F%2Fdb%3A5432:shop.public.orders'
const CUSTOMERS = 'Dataset:unitycatalog%3A%2F%2Fuc:main.shop.customers'

describe('inputs of a run that have no place', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function start() {
    const [mlflow, marquez, unity] = await Promise.all([
      startMlflow({ version: '3.17.2', data: mlflowData }),
      startMarquez({ data: marquezData }),
      startUnityCatalog({ catalogs }),
    ])
    const proxy = await startFaultServer({ target: unity.url })
    const graph: Graph = await startGraph({
      sources: [
        { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
        { id: 'mz', kind: 'marquez', url: marquez.url },
        { id: 'unity', kind: 'unity-catalog', url: proxy.url, namespace: 'unitycatalog://uc' },
      ],
      settings: { datasets: [{ input: 'stated', is: { namespace: 's3://b', name: 'stated' } }] },
    })
    stops.push(mlflow.close, marquez.close, unity.close, proxy.close, graph.close)
    return { graph, proxy, marquez }
  }
  const ask = `{ trainingRun(id: "TrainingRun:mlflow:${RUN}") { inputs { name dataset { id } link { method } }
    inputGuesses { nodes { name location dataset { id } link { method confidence evidence } } incomplete { source reason message } } } }`

  it('are guessed by their names where one dataset has it alone, and told where none or several have', async () => {
    const { graph } = await start()
    const { trainingRun } = await graph.data<Json>(ask)
    const { nodes, incomplete } = trainingRun.inputGuesses
    expect(nodes).toEqual([
      {
        ...{ name: '"Orders"', location: '/home/ana/orders.csv', dataset: { id: ORDERS } },
        link: { method: 'GUESSED', confidence: 0.3, evidence: expect.stringContaining('called orders') },
      },
      expect.objectContaining({ name: 'frame', location: 'shop.customers', dataset: { id: CUSTOMERS } }),
    ])
    expect(incomplete.map(({ reason, message }: Json) => [reason, message.replace(/: say .*/, '')])).toEqual([
      ['UNMATCHED', expect.stringMatching(/shared .*several datasets/)],
      ['UNMATCHED', expect.stringMatching(/nowhere .*no catalog has/)],
      ['UNMATCHED', expect.stringMatching(/dataset .*no catalog has/)],
    ])
    // What has a place, or is stated, is no guess.
    expect(trainingRun.inputs.slice(-2)).toEqual([
      { name: 'placed', dataset: { id: 'Dataset:s3%3A%2F%2Fb:placed' }, link: { method: 'MATCHED' } },
      { name: 'stated', dataset: { id: 'Dataset:s3%3A%2F%2Fb:stated' }, link: { method: 'CONFIGURED' } },
    ])
  })

  it('lead back from the dataset, and both ways in the lineage', async () => {
    const { graph } = await start()
    const { orders, shared, up, down } = await graph.data<Json>(`{
      orders: dataset(id: "${ORDERS}") { usedByRuns { nodes { digest } } maybeUsedByRuns { nodes { digest run { name } link { method } } incomplete { reason } } }
      shared: dataset(id: "Dataset:postgres%3A%2F%2Fdb%3A5432:shop.public.shared") { maybeUsedByRuns { nodes { digest } } }
      up: lineage(of: "ModelVersion:mlflow:m:1", direction: UPSTREAM, depth: 2) { nodes { id } edges { to from link { method } } }
      down: lineage(of: "${CUSTOMERS}", direction: DOWNSTREAM, depth: 2) { nodes { id } }
    }`)
    expect(orders).toEqual({
      usedByRuns: { nodes: [] },
      maybeUsedByRuns: { nodes: [{ digest: 'x', run: { name: 'r' }, link: { method: 'GUESSED' } }], incomplete: [] },
    })
    expect(shared.maybeUsedByRuns.nodes).toEqual([])
    expect(up.nodes.map(({ id }: Json) => id)).toEqual(expect.arrayContaining([ORDERS, CUSTOMERS]))
    expect(up.edges).toContainEqual(expect.objectContaining({ link: { method: 'GUESSED' } }))
    expect(down.nodes.map(({ id }: Json) => id)).toContain('ModelVersion:mlflow:m:1')
  })

  it('ask catalogs for nothing beside their lists', async () => {
    const { graph, marquez } = await start()
    await graph.data('{ datasets { nodes { name } } }')
    const before = marquez.calls.length
    await graph.data(ask)
    expect(marquez.calls.length).toBe(before)
  })

  it('are guessed while a catalog is down, which is said: it may have the name too', async () => {
    const { graph, proxy } = await start()
    await proxy.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await graph.ask(ask)
    expect(answer.errors).toBeUndefined()
    const { nodes, incomplete } = (answer.data as Json).trainingRun.inputGuesses
    expect(nodes.map(({ name }: Json) => name)).toEqual(['"Orders"', 'shared'])
    expect(incomplete).toContainEqual(expect.objectContaining({ source: 'unity', reason: 'DOWN' }))
    const back = await graph.data<Json>(
      `{ dataset(id: "${ORDERS}") { maybeUsedByRuns { incomplete { source reason } } } }`,
    )
    expect(back.dataset.maybeUsedByRuns.incomplete).toEqual([{ source: 'unity', reason: 'DOWN' }])
    expect(JSON.stringify(answer)).not.toContain('secret words')
  })
})
