import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

const createdAt = Date.UTC(2026, 0)
const model = (name: string, owner: string, at = createdAt) => ({
  ...{ name, createdAt: at, updatedAt: at, tags: { owner } },
  versions: [{ createdAt: at, source: 's3://b/k' }],
})

describe('several registries', () => {
  let graph: Graph
  let second: FaultServer
  let firstUrl: string
  let secondUrl: string
  const closers: (() => Promise<void>)[] = []
  beforeEach(async () => {
    const a = await startMlflow({
      version: '2.22.5',
      data: { models: ['Ledger', 'churn', 'zeta'].map((name) => model(name, 'a')) },
    })
    const b = await startMlflow({
      version: '3.17.2',
      data: { models: ['ledger', 'churn', 'alpha'].map((name, i) => model(name, 'b', createdAt + i)) },
    })
    firstUrl = a.url
    secondUrl = b.url
    second = await startFaultServer({ target: b.url })
    graph = await startGraph({
      sources: [
        { id: 'first', kind: 'mlflow', url: a.url },
        { id: 'second', kind: 'mlflow', url: second.url },
      ],
    })
    closers.push(graph.close, second.close, a.close, b.close)
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })
  const ids = async (args: string) => {
    const query = `{ models(${args}) { nodes { id } totalCount pageInfo { endCursor } incomplete { source reason } } }`
    const { models } = await graph.data<{
      models: { nodes: { id: string }[]; pageInfo: { endCursor: string }; incomplete: object[]; totalCount: number }
    }>(query)
    return { ...models, ids: models.nodes.map(({ id }) => id.slice('Model:'.length)) }
  }

  it('are one list, in one order; equal names are two models, in the order of their ids', async () => {
    expect((await ids('first: 10')).ids).toEqual([
      'first:Ledger',
      'second:alpha',
      'first:churn',
      'second:churn',
      'second:ledger',
      'first:zeta',
    ])
    expect((await ids('first: 10, orderBy: CREATED_DESC')).ids.slice(0, 3)).toEqual([
      'second:alpha',
      'second:churn',
      'first:Ledger',
    ])
  })

  it('are filtered alike', async () => {
    expect((await ids('where: { name: "churn" }')).ids).toEqual(['first:churn', 'second:churn'])
    expect((await ids('where: { source: "second", search: "LED" }')).ids).toEqual(['second:ledger'])
    expect(
      (await ids('where: { owner: "a", hasChampion: false, updatedAfter: "2025-01-01T00:00:00Z" }')).totalCount,
    ).toBe(3)
  })

  it('keep a cursor right while one of them changes', async () => {
    const page = await ids('first: 3')
    for (const name of ['aaa', 'yes']) {
      const body = JSON.stringify({ name })
      await fetch(`${secondUrl}/api/2.0/mlflow/registered-models/create`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
    }
    const next = async () => {
      const query = `{ models(first: 10, after: "${page.pageInfo.endCursor}") { nodes { id } } }`
      const answer = await graph.ask(query, { headers: { 'cache-control': 'no-cache' } })
      return (answer.data as { models: { nodes: { id: string }[] } }).models.nodes.map(({ id }) =>
        id.slice('Model:'.length),
      )
    }
    await expect
      .poll(next, { timeout: 10_000, interval: 500 })
      .toEqual(['second:churn', 'second:ledger', 'second:yes', 'first:zeta'])
  })

  it('make the list incomplete, not empty, when one is down', async () => {
    await second.fault({ kind: 'refuse' })
    const list = await ids('first: 10')
    expect(list.ids).toEqual(['first:Ledger', 'first:churn', 'first:zeta'])
    expect(list.incomplete).toEqual([{ source: 'second', reason: 'DOWN' }])
    expect((await ids('where: { source: "first" }')).incomplete).toEqual([])
  })

  it.each([
    ['bound to the first', { registry: 'first' }, [], { first: ['DOWN'], second: [] }],
    ['bound to none', {}, [], { first: ['DOWN'], second: ['DOWN'] }],
    [
      'bound to the first, with a link to the second',
      { registry: 'first' },
      [{ served: { source: 'edge', model: 'churn' }, is: { registry: 'second', model: 'churn' } }],
      { first: ['DOWN'], second: ['DOWN'] },
    ],
  ])(
    'leave open what a server that is down serves, where it may serve theirs: %s',
    async (_, bound, links, reasons) => {
      const sources = [
        { id: 'first', kind: 'mlflow', url: firstUrl },
        { id: 'second', kind: 'mlflow', url: secondUrl },
        // Nobody listens there.
        { id: 'edge', kind: 'open-inference', url: 'http://127.0.0.1:9', ...bound },
      ]
      const one = await startGraph({ sources, settings: { links } })
      closers.push(one.close)
      const { first, second: other } = await one.data<Record<string, { served: { incomplete: { reason: string }[] } }>>(
        `{ first: model(id: "Model:first:churn") { served { incomplete { reason } } }
         second: model(id: "Model:second:churn") { served { incomplete { reason } } } }`,
      )
      const told = (of: typeof first) => of?.served.incomplete.map(({ reason }) => reason)
      expect({ first: told(first), second: told(other) }).toEqual(reasons)
    },
  )

  it('refuse a cursor that belongs to another order, and one of no list', async () => {
    const { pageInfo } = await ids('first: 1')
    for (const after of [pageInfo.endCursor, 'x']) {
      const { errors } = await graph.ask(`{ models(after: "${after}", orderBy: CREATED_DESC) { totalCount } }`)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })
})
