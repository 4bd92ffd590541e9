import { afterEach, describe, expect, it } from 'vitest'
import { AT, at, type CatalogGraph, chain, startCatalogGraph } from './graph.ts'

let graph: CatalogGraph
afterEach(() => graph.close())

const id = (namespace: string, name: string) => `Dataset:${encodeURIComponent(namespace)}:${encodeURIComponent(name)}`

interface Walked {
  nodes: { dataset: { name: string }; depth: number; nextId: string; jobs: { name: string }[]; link: object }[]
  incomplete: { source: string | null; reason: string }[]
}

async function walk(of: string, direction: 'upstream' | 'downstream', depth?: number): Promise<Walked> {
  const steps = depth === undefined ? '' : `(depth: ${depth})`
  const { data, errors } = await graph.ask(
    `{ dataset(id: "${of}") { ${direction}${steps} { nodes { dataset { name } depth nextId jobs { name } link { method evidence } } incomplete { source reason } } } }`,
  )
  expect(errors).toBeUndefined()
  return data.dataset[direction]
}

const names = ({ nodes }: Walked) => nodes.map(({ dataset, depth }) => `${depth} ${dataset.name}`)
const lineageCalls = (i = 0) => graph.standIns[i]?.calls.filter(({ path }) => path.includes('/lineage')).length

describe('what a dataset is made from', () => {
  it('is told with its jobs, a step at a time', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 5) }])
    const up = await walk(id('s3://b', 'd4'), 'upstream')
    expect(up).toEqual({
      nodes: [
        {
          ...{ dataset: { name: 'd3' }, depth: 1, nextId: id('s3://b', 'd4'), jobs: [{ name: 'd-job-3' }] },
          link: { method: 'DECLARED', evidence: 'mz says that it is done by airflow d-job-3' },
        },
      ],
      incomplete: [],
    })
  })

  it.each([1, 2, 3, 10])('is asked for in one call, %d steps deep', async (depth) => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 12) }])
    const up = await walk(id('s3://b', 'd11'), 'upstream', depth)
    expect(names(up)).toEqual(Array.from({ length: depth }, (_, i) => `${i + 1} d${10 - i}`))
    const down = await walk(id('s3://b', 'd0'), 'downstream', depth)
    expect(names(down)).toEqual(Array.from({ length: depth }, (_, i) => `${i + 1} d${i + 1}`))
    expect(lineageCalls()).toBe(2)
  })

  it('is the same from both ends', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 4) }])
    expect(names(await walk(id('s3://b', 'd3'), 'upstream', 3))).toContain('3 d0')
    expect(names(await walk(id('s3://b', 'd0'), 'downstream', 3))).toContain('3 d3')
  })

  it('is put together of what several catalogs know, each asked only for what it was not', async () => {
    const first = chain('s3://b', 'a', 3)
    const second = chain('s3://b', 'c', 3)
    // The second catalog makes a0 of c2, in another spelling; the first knows a0 to a2 only.
    const a0 = { namespace: 's3a://b', name: 'a0' }
    const bridge = {
      ...{ namespace: 'spark', name: 'bridge', createdAt: AT },
      ...{ inputs: [{ namespace: 's3://b', name: 'c2' }], outputs: [a0] },
    }
    graph = await startCatalogGraph([
      { id: 'one', marquez: first },
      {
        id: 'two',
        marquez: { datasets: [...second.datasets, { ...a0, createdAt: AT }], jobs: [...second.jobs, bridge] },
      },
    ])
    const up = await walk(id('s3://b', 'a2'), 'upstream', 10)
    expect(names(up)).toEqual(['1 a1', '2 a0', '3 c2', '4 c1', '5 c0'])
    expect(up.incomplete).toEqual([])
    expect([lineageCalls(0), lineageCalls(1)]).toEqual([1, 1])
  })

  it('goes round a circle once', async () => {
    const { datasets, jobs } = chain('s3://b', 'd', 3)
    const back = {
      ...{ namespace: 'airflow', name: 'back', createdAt: AT },
      ...{ inputs: [{ namespace: 's3://b', name: 'd2' }], outputs: [{ namespace: 's3://b', name: 'd0' }] },
    }
    const self = { ...back, name: 'self', outputs: [{ namespace: 's3://b', name: 'd2' }] }
    graph = await startCatalogGraph([{ id: 'mz', marquez: { datasets, jobs: [...jobs, back, self] } }])
    expect(names(await walk(id('s3://b', 'd0'), 'downstream', 10))).toEqual(['1 d1', '2 d2', '3 d0'])
  })

  it('is found under the other name of a dataset', async () => {
    const { datasets, jobs } = chain('s3://b', 'd', 2)
    const [source, made] = datasets
    if (!source || !made) throw new Error('the chain is too short')
    const identifiers = [{ namespace: 'hive://h:10000', name: 'shop.made', type: 'TABLE' }]
    const marquez = { datasets: [source, { ...made, facets: { symlinks: { identifiers } } }], jobs }
    graph = await startCatalogGraph([{ id: 'mz', marquez }])
    expect(names(await walk(id('hive://h', 'shop.made'), 'upstream'))).toEqual(['1 d0'])
  })
})

describe('the cut is named', () => {
  it('at ten steps, where more were asked for', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 13) }])
    const up = await walk(id('s3://b', 'd12'), 'upstream', 50)
    expect(up.nodes.length).toBe(10)
    expect(up.incomplete).toEqual([{ source: null, reason: 'TRUNCATED' }])
  })

  it('at 500 datasets', async () => {
    const outputs = Array.from({ length: 501 }, (_, i) => ({ namespace: 's3://b', name: `o${i}` }))
    const source = { namespace: 's3://b', name: 'source', createdAt: AT }
    const job = { namespace: 'airflow', name: 'fan', createdAt: AT, inputs: [source], outputs }
    graph = await startCatalogGraph([{ id: 'mz', marquez: { datasets: [source], jobs: [job] } }])
    const down = await walk(id('s3://b', 'source'), 'downstream')
    expect(down.nodes.length).toBe(500)
    expect(down.incomplete).toEqual([{ source: null, reason: 'TRUNCATED' }])
  })

  it('not where everything is told', async () => {
    const outputs = Array.from({ length: 500 }, (_, i) => ({ namespace: 's3://b', name: `o${i}` }))
    const source = { namespace: 's3://b', name: 'source', createdAt: AT }
    const job = { namespace: 'airflow', name: 'fan', createdAt: AT, inputs: [source], outputs }
    graph = await startCatalogGraph([{ id: 'mz', marquez: { datasets: [source], jobs: [job] } }])
    expect(await walk(id('s3://b', 'source'), 'downstream', 50)).toMatchObject({
      nodes: { length: 500 },
      incomplete: [],
    })
  })
})

describe('nothing is not the same as not known', () => {
  it('where no catalog that keeps lineage knows it, or none is configured', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 2) }])
    const none = await walk(id('s3://b', 'unknown'), 'upstream')
    expect(none).toEqual({ nodes: [], incomplete: [{ source: null, reason: 'UNMATCHED' }] })
    const start = await walk(id('s3://b', 'd0'), 'upstream')
    expect(start).toEqual({ nodes: [], incomplete: [] })
    await graph.close()
    // One that keeps none knows it; that the other does not leaves open what it is made from. Of its own, it tells.
    const table = { name: 't', ...at, storage_location: 's3://b/t' }
    const unity = [
      {
        name: 'c',
        ...at,
        schemas: [{ name: 's', ...at, tables: [table, { ...table, name: 'd', storage_location: 's3://b/d0' }] }],
      },
    ]
    graph = await startCatalogGraph([
      { id: 'uc', unity },
      { id: 'mz', marquez: chain('s3://b', 'd', 2) },
    ])
    expect((await walk(id('s3://b', 't'), 'upstream')).incomplete).toEqual([{ source: null, reason: 'UNMATCHED' }])
    expect(await walk(id('s3://b', 'd0'), 'upstream')).toEqual({ nodes: [], incomplete: [] })
    await graph.close()
    // Where one that keeps lineage knows it, another's ignorance takes nothing away.
    graph = await startCatalogGraph([
      { id: 'mz', marquez: chain('s3://b', 'd', 2) },
      { id: 'other', marquez: chain('s3://b', 'e', 2) },
    ])
    expect(await walk(id('s3://b', 'd0'), 'upstream')).toEqual({ nodes: [], incomplete: [] })
    await graph.close()
    graph = await startCatalogGraph([{ id: 'uc', unity: [] }])
    const { incomplete } = await walk(id('s3://b', 'd0'), 'upstream')
    expect(incomplete).toEqual([{ source: null, reason: 'NOT_CONFIGURED' }])
  })

  it('where a catalog is silent, which is then all that is said', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez: chain('s3://b', 'd', 3) }])
    // Read before, so that it is known that this catalog has the dataset.
    await graph.ask('{ datasets { totalCount } }')
    await Promise.all(graph.standIns.map((standIn) => standIn.close()))
    const { nodes, incomplete } = await walk(id('s3://b', 'd2'), 'upstream')
    expect({ nodes, incomplete }).toEqual({ nodes: [], incomplete: [{ source: 'mz', reason: 'DOWN' }] })
    graph = await startCatalogGraph([])
    expect((await walk(id('s3://b', 'd2'), 'upstream')).incomplete).toEqual([
      { source: null, reason: 'NOT_CONFIGURED' },
    ])
  })

  it('a depth below one is refused', async () => {
    graph = await startCatalogGraph([])
    const { errors } = await graph.ask(
      `{ dataset(id: "${id('s3://b', 'd')}") { upstream(depth: 0) { nodes { depth } } } }`,
    )
    expect(errors).toMatchObject([
      { message: expect.stringContaining('depth: 0'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})
