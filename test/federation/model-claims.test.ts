import { afterEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const version = { createdAt: 2, source: 's3://m' }
const mlflowData = {
  models: [
    { name: 'tagged', createdAt: 1, tags: { team: 'credit', domain: 'Credit' }, versions: [version] },
    { name: 'bare', createdAt: 1, versions: [version] },
    { name: 'nobody', createdAt: 1, versions: [version] },
    { name: 'guessed', createdAt: 1, versions: [version] },
  ],
}
const model = (service: string, name: string, owner: string, more: object = {}) => ({
  ...{ fullyQualifiedName: `${service}.${name}`, name, service: { type: 'mlmodelService', name: service } },
  ...{ owners: [{ type: 'team', name: owner, deleted: false }], domains: [{ type: 'domain', name: 'Payments' }] },
  ...more,
})
const openMetadataData = {
  mlmodels: [
    model('prod', 'tagged', 'payments'),
    model('prod', 'bare', 'payments', { description: 'Of the catalog' }),
    model('other', 'guessed', 'payments'),
  ],
}
const catalogs = [
  {
    name: 'ml',
    created_at: 1,
    schemas: [{ name: 'x', created_at: 1, models: [{ name: 'bare', created_at: 1, owner: 'platform' }] }],
  },
]
const people = [{ id: 'payments', name: 'Payments team', kind: 'team' }]

describe('what catalogs say of models', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function start(settings: object = {}) {
    const [mlflow, unity, openMetadata] = await Promise.all([
      startMlflow({ version: '3.17.2', data: mlflowData }),
      startUnityCatalog({ catalogs }),
      startOpenMetadata({ data: openMetadataData }),
    ])
    const proxy = await startFaultServer({ target: openMetadata.url })
    const graph: Graph = await startGraph({
      sources: [
        { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
        {
          ...{ id: 'om', kind: 'openmetadata', url: proxy.url, auth: { bearer: 'token' } },
          modelServices: { prod: 'mlflow' },
        },
        { id: 'unity', kind: 'unity-catalog', url: unity.url, modelsRegistry: 'mlflow' },
      ],
      settings: { people, ...settings },
    })
    stops.push(mlflow.close, unity.close, openMetadata.close, proxy.close, graph.close)
    return { graph, openMetadata, unity, proxy }
  }
  const ask = `{ models { nodes { name description domain owners { name active evidence }
    claims { nodes { sourceId name owners { name } link { method } provenance { source { id kind } } }
      disagreements { field told { sourceId value } } incomplete { source reason } } } incomplete { source } } }`

  it('counts after the tags of the registry, in the order of the configuration, and shows where they disagree', async () => {
    const { graph, openMetadata, unity } = await start()
    const { models } = await graph.data<Json>(ask)
    const [bare, guessed, nobody, tagged] = models.nodes
    expect(bare).toMatchObject({
      ...{ description: 'Of the catalog', domain: 'Payments' },
      owners: [{ name: 'Payments team', active: true, evidence: 'om: owner of prod.bare' }],
      claims: {
        nodes: [
          {
            sourceId: 'mlflow',
            owners: null,
            link: { method: 'DECLARED' },
            provenance: { source: { kind: 'mlflow' } },
          },
          {
            sourceId: 'om',
            name: 'prod.bare',
            link: { method: 'MATCHED' },
            provenance: { source: { id: 'om', kind: 'openmetadata' } },
          },
          { sourceId: 'unity', name: 'ml.x.bare', owners: [{ name: 'platform' }] },
        ],
        disagreements: [
          {
            field: 'OWNERS',
            told: [
              { sourceId: 'om', value: 'Payments team' },
              { sourceId: 'unity', value: 'platform' },
            ],
          },
        ],
        incomplete: [],
      },
    })
    expect(tagged).toMatchObject({
      ...{ domain: 'Credit', owners: [{ name: 'credit', evidence: 'tag team = credit' }] },
      claims: { disagreements: [{ field: 'OWNERS' }, { field: 'DOMAIN' }] },
    })
    // A guess is shown and decides nothing.
    expect(guessed).toMatchObject({ owners: null, claims: { nodes: [{}, { link: { method: 'GUESSED' } }] } })
    expect(nobody).toMatchObject({ owners: null, domain: null, claims: { nodes: [{ sourceId: 'mlflow' }] } })
    const asked = (calls: readonly { path: string }[], what: string) =>
      calls.filter(({ path }) => path.includes(what)).length
    expect([asked(openMetadata.calls, '/mlmodels'), asked(unity.calls, '/models')]).toEqual([1, 1])
    await graph.data(ask)
    expect([asked(openMetadata.calls, '/mlmodels'), asked(unity.calls, '/models')]).toEqual([1, 1])
  })

  it('is filtered on', async () => {
    const { graph } = await start()
    const names = async (where: string) =>
      (await graph.data<Json>(`{ models(where: ${where}) { nodes { name } } }`)).models.nodes.map(
        (one: Json) => one.name,
      )
    expect(await names('{ owner: "Payments team" }')).toEqual(['bare'])
    expect(await names('{ hasOwner: false }')).toEqual(['guessed', 'nobody'])
    expect(await names('{ domain: "Payments" }')).toEqual(['bare'])
    expect(await names('{ disputed: true }')).toEqual(['bare', 'tagged'])
  })

  it('is missing, and said to be, while a catalog is down: nobody is taken for an owner, and none for ownerless', async () => {
    const { graph, proxy } = await start()
    await proxy.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await graph.ask(ask)
    const [bare, , nobody, tagged] = (answer.data as Json).models.nodes
    expect(tagged.owners).toEqual([{ name: 'credit', active: null, evidence: 'tag team = credit' }])
    expect(bare.owners).toEqual([{ name: 'platform', active: null, evidence: 'unity: owner of ml.x.bare' }])
    expect(nobody.owners).toBeNull()
    expect(nobody.claims.incomplete).toEqual([{ source: 'om', reason: 'DOWN' }])
    // One entry beside says it, and no error for each field of each model.
    expect(answer.errors).toBeUndefined()
    expect(JSON.stringify(answer)).not.toContain('secret words')
    const [judged, told] = await Promise.all([
      graph.data<Json>(
        '{ model(id: "Model:mlflow:nobody") { compliance { findings(rules: ["owner-active"]) { outcome incomplete { source } } } } }',
      ),
      graph.data<Json>('{ impact(of: "Model:mlflow:nobody") { owners { name } incomplete { source reason } } }'),
    ])
    expect(judged.model.compliance.findings).toEqual([{ outcome: 'UNKNOWN', incomplete: [{ source: 'om' }] }])
    expect(told.impact).toEqual({ owners: [], incomplete: expect.arrayContaining([{ source: 'om', reason: 'DOWN' }]) })
    const filtered = async (where: string) =>
      (await graph.data<Json>(`{ models(where: ${where}) { nodes { name } incomplete { source reason } } }`)).models
    expect((await filtered('{ owner: "Payments team" }')).incomplete).toEqual([{ source: 'om', reason: 'DOWN' }])
    expect((await filtered('{ hasChampion: false }')).incomplete).toEqual([])
  })

  it('is shown to those only who may see the catalog', async () => {
    const { key, hash } = makeKey('reader')
    const { graph } = await start({
      access: [{ roles: ['reader'], see: { sources: ['mlflow', 'unity'] } }],
      gateway: { keys: [{ id: 'reader', hash, roles: ['reader'] }] },
    })
    const asReader = async (query: string) =>
      (await graph.ask(query, { headers: { authorization: `Bearer ${key}` } })).data as Json
    const [bare] = (await asReader(ask)).models.nodes
    expect(bare).toMatchObject({ domain: null, owners: [{ name: 'platform' }] })
    expect(bare.claims.nodes.map(({ sourceId }: Json) => sourceId)).toEqual(['mlflow', 'unity'])
    expect(bare.claims.incomplete).toEqual([{ source: 'om', reason: 'FORBIDDEN' }])
    const { models } = await asReader('{ models(where: { owner: "Payments team" }) { nodes { name } } }')
    expect(models.nodes).toEqual([])
  })
})
