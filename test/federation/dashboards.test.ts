import { afterEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const table = (fullyQualifiedName: string) => ({ type: 'table', fullyQualifiedName })
const model = (fullyQualifiedName: string) => ({ type: 'mlmodel', fullyQualifiedName })
const dashboard = (fullyQualifiedName: string) => ({ type: 'dashboard', fullyQualifiedName })
const tables = ['pg.shop.public.orders', 'pg.shop.public.sums', 'pg.shop.public.alone'] as const
const [ORDERS, SUMS, ALONE] = tables
const LOANS = 'bi."loans/""daily"" 1.0"'
const data = {
  tables: tables.map((fullyQualifiedName) => ({ fullyQualifiedName, columns: [{ name: 'a', dataType: 'INT' }] })),
  mlmodels: [{ fullyQualifiedName: 'prod.loan-default' }, { fullyQualifiedName: 'other.m' }],
  dashboards: [
    {
      ...{ fullyQualifiedName: LOANS, displayName: 'Loans daily' },
      owners: [{ type: 'team', name: 'desk', deleted: false }],
      domains: [{ type: 'domain', name: 'Credit' }],
      tags: [{ tagFQN: 'Tier.Tier1', source: 'Classification' as const }],
    },
    { fullyQualifiedName: 'bi.secret', displayName: 'Secret', domains: [{ type: 'domain', name: 'Board' }] },
  ],
  edges: [
    { from: table(ORDERS), to: table(SUMS), pipeline: 'airflow.sum' },
    { from: table(SUMS), to: dashboard(LOANS) },
    { from: table(SUMS), to: dashboard('bi.secret') },
    { from: table(ORDERS), to: model('prod.loan-default') },
    { from: model('prod.loan-default'), to: dashboard(LOANS) },
    { from: model('other.m'), to: dashboard(LOANS) },
  ],
}
const id = (fqn: string) => `Dataset:postgres%3A%2F%2Fdb%3A5432:${fqn.replace('pg.', '')}`
const APPLICATION = `Application:om:${encodeURIComponent(LOANS)}`
const people = [{ id: 'desk', name: 'Loan desk', kind: 'team' }]

describe('dashboards of a catalog', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function start(settings: object = {}) {
    const [mlflow, openMetadata] = await Promise.all([
      startMlflow({
        version: '3.17.2',
        data: { models: [{ name: 'loan-default', createdAt: 1, versions: [{ createdAt: 2, source: 's3://m' }] }] },
      }),
      startOpenMetadata({ data }),
    ])
    const proxy = await startFaultServer({ target: openMetadata.url })
    const om = { id: 'om', kind: 'openmetadata', url: proxy.url, auth: { bearer: 'token' } }
    const graph: Graph = await startGraph({
      sources: [
        { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
        { ...om, services: { pg: 'postgres://db' }, modelServices: { prod: 'mlflow' } },
      ],
      settings: { people, ...settings },
    })
    stops.push(mlflow.close, openMetadata.close, proxy.close, graph.close)
    return { graph, proxy, calls: openMetadata.calls }
  }

  it('are applications, with what they stand on, and what stands on each thing leads back', async () => {
    const { graph } = await start()
    const answer = await graph.data<Json>(`{
      applications { nodes { id name kind criticality domain owners { name evidence } provenance { source { id } stale } } incomplete { reason } }
      application(id: "${APPLICATION}") { dependsOn {
        nodes { thingId thing { ... on Model { name versions { totalCount } } ... on Dataset { displayName } } link { method evidence } }
        incomplete { source reason message } } }
      sums: dataset(id: "${id(SUMS)}") { applications { nodes { application { name } link { method } } incomplete { reason } } statedModels { nodes { link { method } } } }
      orders: dataset(id: "${id(ORDERS)}") { applications { nodes { link { method } } } statedModels { nodes { model { id name } link { method } } incomplete { reason } } }
      models { nodes { applications { nodes { application { name } } incomplete { reason } } statedInputs { nodes { dataset { name } link { evidence } } incomplete { reason } } } }
    }`)
    expect(answer.applications).toEqual({
      incomplete: [],
      nodes: [
        {
          ...{ id: APPLICATION, name: 'Loans daily', kind: 'DASHBOARD', criticality: 'Tier1', domain: 'Credit' },
          owners: [{ name: 'Loan desk', evidence: `owner of ${LOANS}` }],
          provenance: { source: { id: 'om' }, stale: false },
        },
        expect.objectContaining({ name: 'Secret', owners: null, criticality: null }),
      ],
    })
    const { nodes, incomplete } = answer.application.dependsOn
    expect(nodes).toEqual(
      expect.arrayContaining([
        {
          ...{ thingId: 'Model:mlflow:loan-default', thing: { name: 'loan-default', versions: { totalCount: 1 } } },
          link: { method: 'MATCHED', evidence: expect.stringContaining('model loan-default of the service prod') },
        },
        { thingId: id(SUMS), thing: { displayName: SUMS }, link: { method: 'DECLARED', evidence: 'om says so' } },
      ]),
    )
    expect([nodes.length, incomplete]).toEqual([
      2,
      [{ source: 'om', reason: 'UNMATCHED', message: expect.stringContaining('modelServices') }],
    ])
    expect(answer.sums).toEqual({
      applications: {
        nodes: ['Loans daily', 'Secret'].map((name) => ({ application: { name }, link: { method: 'DECLARED' } })),
        incomplete: [],
      },
      statedModels: { nodes: [] },
    })
    const loanDefault = { id: 'Model:mlflow:loan-default', name: 'loan-default' }
    expect(answer.orders).toEqual({
      applications: { nodes: [] },
      statedModels: { nodes: [{ model: loanDefault, link: { method: 'MATCHED' } }], incomplete: [] },
    })
    expect(answer.models.nodes).toEqual([
      {
        applications: { nodes: [{ application: { name: 'Loans daily' } }], incomplete: [] },
        statedInputs: {
          nodes: [{ dataset: { name: 'shop.public.orders' }, link: { evidence: 'om says so' } }],
          incomplete: [],
        },
      },
    ])
  })

  it('are hit by the loss of a table behind them, and their owners are told', async () => {
    const { graph, calls } = await start()
    const ask = `{ impact(of: "${id(ORDERS)}") { others { id label } models { id } owners { name } incomplete { reason } } }`
    const { impact } = await graph.data<Json>(ask)
    expect(impact.others.map((one: Json) => one.id)).toEqual(
      expect.arrayContaining([id(SUMS), APPLICATION, 'Application:om:bi.secret']),
    )
    expect(impact.models).toEqual([{ id: 'Model:mlflow:loan-default' }])
    expect(impact.owners).toEqual([{ name: 'Loan desk' }])
    const before = calls.length
    await graph.data(ask)
    expect(calls.length).toBe(before)
  })

  it('are asked for page by page, and each thing for what is on it once', async () => {
    const { graph, calls } = await start()
    const ask = '{ datasets { nodes { applications { nodes { application { name owners { name } } } } } } }'
    await graph.data(ask)
    const asked = (what: string) => calls.filter(({ path }) => path.includes(what)).length
    expect([asked('/dashboards?'), asked('/getLineage')]).toEqual([1, tables.length])
    await graph.data(ask)
    expect([asked('/dashboards?'), asked('/getLineage')]).toEqual([1, tables.length])
  })

  it('are said to be missing while the catalog is down: nothing looks free of them', async () => {
    const { graph, proxy } = await start({
      applications: [{ id: 'desk', name: 'Desk', models: [{ registry: 'mlflow', name: 'loan-default' }] }],
    })
    await proxy.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await graph.ask(`{
      applications { nodes { name provenance { stale } } incomplete { source reason } }
      dataset(id: "${id(ALONE)}") { applications { nodes { link { method } } incomplete { source reason } } statedModels { nodes { link { method } } incomplete { source reason } } }
      models { nodes { applications { nodes { application { name } } incomplete { source reason } } statedInputs { nodes { link { method } } incomplete { source reason } } } }
    }`)
    const down = [{ source: 'om', reason: 'DOWN' }]
    expect(answer.errors).toBeUndefined()
    expect(answer.data).toEqual({
      applications: { nodes: [{ name: 'Desk', provenance: null }], incomplete: down },
      dataset: { applications: { nodes: [], incomplete: down }, statedModels: { nodes: [], incomplete: down } },
      models: {
        nodes: [
          {
            applications: { nodes: [{ application: { name: 'Desk' } }], incomplete: down },
            statedInputs: { nodes: [], incomplete: down },
          },
        ],
      },
    })
    const one = await graph.ask(`{ application(id: "${APPLICATION}") { name } }`)
    expect(one.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', source: 'om' })
    expect(JSON.stringify([answer, one])).not.toContain('secret words')
  })

  it('leave the columns of a table there while lineage fails: what these are made from is said to be missing', async () => {
    const { graph, proxy } = await start()
    const ask = `{ dataset(id: "${id(SUMS)}") { columns { name sources { column } sourcesIncomplete { source reason } } applications { incomplete { source reason } } } }`
    // The lists are read before the fault.
    await graph.data('{ datasets { nodes { name } } applications { nodes { name } } }')
    await proxy.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await graph.ask(ask)
    const down = [{ source: 'om', reason: 'DOWN' }]
    expect(answer).toEqual({
      status: 200,
      data: {
        dataset: {
          columns: [{ name: 'a', sources: null, sourcesIncomplete: down }],
          applications: { incomplete: down },
        },
      },
    })
  })

  it('are shown to those only who may see them', async () => {
    const { key, hash } = makeKey('reader')
    const { graph } = await start({
      access: [
        { roles: ['reader'], see: { domains: ['Credit'] } },
        { roles: ['reader'], see: { sources: ['mlflow'] } },
      ],
      gateway: { keys: [{ id: 'reader', hash, roles: ['reader'] }] },
    })
    const { data: seen } = await graph.ask(
      `{ applications { nodes { name dependsOn { nodes { thingId } incomplete { source reason } } } incomplete { source reason count } }
         application(id: "Application:om:bi.secret") { name }
         models { nodes { applications { nodes { application { name } } } statedInputs { nodes { dataset { name } } incomplete { reason } } } } }`,
      { headers: { authorization: `Bearer ${key}` } },
    )
    const hidden = { source: 'om', reason: 'FORBIDDEN' }
    expect(seen).toEqual({
      applications: {
        // What the lineage of a catalog names is for those who may see that catalog.
        nodes: [{ name: 'Loans daily', dependsOn: { nodes: [], incomplete: [hidden] } }],
        incomplete: [{ ...hidden, count: 1 }],
      },
      application: null,
      models: {
        nodes: [
          {
            applications: { nodes: [{ application: { name: 'Loans daily' } }] },
            statedInputs: { nodes: [], incomplete: [{ reason: 'FORBIDDEN' }] },
          },
        ],
      },
    })
  })
})
