import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenInferenceStandIn, startOpenInference } from '#demo/open-inference/index.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { contextOf, query, subgraphOf } from './graph.ts'

let fraud: OpenInferenceStandIn
let churn: OpenInferenceStandIn
let graph: Subgraph

beforeAll(async () => {
  fraud = await startOpenInference({
    dialect: 'triton',
    models: [
      { name: 'fraud', version: '10' },
      { name: 'fraud', version: '9' },
      { name: 'broken', version: '1', state: 'failed' },
    ],
  })
  churn = await startOpenInference({ dialect: 'mlserver', models: [{ name: 'churn' }] })
  graph = subgraphOf(`
sources:
  - { id: b, kind: open-inference, url: "${fraud.url}", title: Fraud, environment: LIVE, formerly: [old-b], labels: { team: fraud, cost-centre: '42' } }
  - { id: a, kind: open-inference, url: "${churn.url}", title: Churn, environment: staging }
  - { id: gone, kind: open-inference, url: "http://127.0.0.1:1", title: Away }
environments: { production: [live] }
access: []
`)
})

afterAll(async () => {
  await graph.close()
  await Promise.all([fraud.close(), churn.close()])
})

const names = async (where: object) => {
  const { data, errors } = await query(
    graph,
    'query ($where: EndpointFilter) { endpoints(where: $where) { totalCount nodes { name } incomplete { source reason } } }',
    { where },
  )
  expect(errors).toBeUndefined()
  return data.endpoints
}

const GONE = { source: 'gone', reason: 'DOWN' }

describe('the labels of an endpoint', () => {
  it('are those of the configuration, by name; none where there are none', async () => {
    const { data } = await query(graph, '{ endpoints { nodes { name labels { key value } } } }')
    expect(data.endpoints.nodes).toEqual([
      { name: 'Churn', labels: [] },
      {
        name: 'Fraud',
        labels: [
          { key: 'cost-centre', value: '42' },
          { key: 'team', value: 'fraud' },
        ],
      },
    ])
  })
})

describe('the list of endpoints', () => {
  it('is ordered by name and says which source is missing, without an error', async () => {
    expect(await names({})).toEqual({
      totalCount: 2,
      nodes: [{ name: 'Churn' }, { name: 'Fraud' }],
      incomplete: [GONE],
    })
  })

  it.each([
    [{ search: 'FRAU' }, ['Fraud']],
    [{ search: 'broke' }, ['Fraud']],
    [{ modelName: 'churn' }, ['Churn']],
    [{ modelName: 'chur' }, []],
    [{ environment: 'LIVE' }, ['Fraud']],
    [{ environment: 'live' }, []],
    [{ production: true }, ['Fraud']],
    [{ production: false }, ['Churn']],
    [{ state: 'DEGRADED' }, ['Fraud']],
    [{ state: 'READY', production: true }, []],
    [{ search: null, state: null }, ['Churn', 'Fraud']],
  ])('filtered by %j is %j', async (where, expected) => {
    expect((await names(where)).nodes.map(({ name }: { name: string }) => name)).toEqual(expected)
  })

  it('of one source says nothing of others, also by a former id of it', async () => {
    expect(await names({ source: 'old-b' })).toEqual({ totalCount: 1, nodes: [{ name: 'Fraud' }], incomplete: [] })
    expect(await names({ source: 'unknown' })).toEqual({ totalCount: 0, nodes: [], incomplete: [] })
  })

  it('goes on behind a cursor', async () => {
    const page =
      'query ($after: String) { endpoints(first: 1, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }'
    const first = await query(graph, page)
    expect(first.data.endpoints).toMatchObject({ nodes: [{ name: 'Churn' }], pageInfo: { hasNextPage: true } })
    const second = await query(graph, page, { after: first.data.endpoints.pageInfo.endCursor })
    expect(second.data.endpoints).toMatchObject({ nodes: [{ name: 'Fraud' }], pageInfo: { hasNextPage: false } })
  })

  it('asks no server again while it is fresh', async () => {
    await names({})
    const before = [fraud.calls.length, churn.calls.length]
    await Promise.all([names({}), names({ search: 'x' })])
    expect([fraud.calls.length, churn.calls.length]).toEqual(before)
  })

  it('says to whoever may see nothing how much there is', async () => {
    const context = contextOf({ caller: { subject: 'nobody', roles: [], scopes: [] } })
    const text = '{ endpoints { totalCount nodes { name } incomplete { source reason count } } }'
    const { data } = await query(graph, text, {}, context)
    expect(data.endpoints).toMatchObject({ totalCount: 0, nodes: [] })
    expect(data.endpoints.incomplete).toContainEqual({ source: 'b', reason: 'FORBIDDEN', count: 1 })
  })

  it('says that no server is configured where none is', async () => {
    const none = subgraphOf('sources: [{ id: m, kind: mlflow, url: "http://mlflow.example" }]')
    const { data } = await query(none, '{ endpoints { nodes { id } incomplete { source reason } } }')
    expect(data.endpoints).toEqual({ nodes: [], incomplete: [{ source: null, reason: 'NOT_CONFIGURED' }] })
    await none.close()
  })
})

describe('one by its id', () => {
  const ENDPOINT = 'query ($id: ID!) { endpoint(id: $id) { id production served { id } } }'
  const MODEL = 'query ($id: ID!) { servedModel(id: $id) { id version endpoint { name served { version } } } }'

  it('is found, with its models by name and version as numbers', async () => {
    const { data } = await query(graph, ENDPOINT, { id: 'Endpoint:b:server' })
    const served = ['broken:1', 'fraud:9', 'fraud:10'].map((key) => ({ id: `ServedModel:b:server:${key}` }))
    expect(data.endpoint).toEqual({ id: 'Endpoint:b:server', production: true, served })
  })

  it('is found by the former id of its source, and told by the present one', async () => {
    const { data } = await query(graph, MODEL, { id: 'ServedModel:old-b:server:fraud:9' })
    expect(data.servedModel).toMatchObject({ id: 'ServedModel:b:server:fraud:9', version: '9' })
  })

  it('has no version in its id where the server gives it none', async () => {
    const { data } = await query(graph, MODEL, { id: 'ServedModel:a:server:churn' })
    expect(data.servedModel).toMatchObject({ version: null, endpoint: { name: 'Churn' } })
  })

  it.each([
    ['ServedModel:b:server:fraud:11'],
    ['ServedModel:b:other:fraud:9'],
    ['ServedModel:unknown:server:fraud:9'],
    ['Endpoint:b:server'],
    ['nonsense'],
  ])('is null without an error where there is none: %s', async (id) => {
    expect(await query(graph, MODEL, { id })).toEqual({ data: { servedModel: null } })
  })

  it('is an error with the source and the reason where the source cannot be asked', async () => {
    const { data, errors } = await query(graph, ENDPOINT, { id: 'Endpoint:gone:server' })
    expect(data).toEqual({ endpoint: null })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', source: 'gone', reason: 'DOWN' })
  })

  it('is not shown to whoever may not see it', async () => {
    const context = contextOf({ caller: { subject: 'nobody', roles: [], scopes: [] } })
    expect((await query(graph, MODEL, { id: 'ServedModel:b:server:fraud:9' }, context)).data).toEqual({
      servedModel: null,
    })
  })
})

describe('references of other subgraphs', () => {
  it('are resolved: endpoints, served models and sources', async () => {
    const representations = [
      { __typename: 'Endpoint', id: 'Endpoint:b:server' },
      { __typename: 'ServedModel', id: 'ServedModel:b:server:fraud:9' },
      { __typename: 'ServingSource', id: 'b' },
      { __typename: 'ServingSource', id: 'gone' },
      { __typename: 'ServedModel', id: 'ServedModel:b:server:none' },
    ]
    const text = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Endpoint { name } ... on ServedModel { version }
      ... on ServingSource { kind title status { state version } } } }`
    await names({})
    const { data, errors } = await query(graph, text, { representations })
    expect(errors).toBeUndefined()
    expect(data._entities).toEqual([
      { name: 'Fraud' },
      { version: '9' },
      { kind: 'open-inference', title: 'Fraud', status: { state: 'UP', version: '2.51.0' } },
      { kind: 'open-inference', title: 'Away', status: { state: 'DOWN', version: null } },
      null,
    ])
  })
})
