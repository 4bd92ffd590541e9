import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { type Answer, type Graph, startGraph } from './graph.ts'

const createdAt = Date.UTC(2026, 0, 5)
const runId = (digit: string) => digit.repeat(32)
const [credit, uplift, both, sweep] = [runId('1'), runId('2'), runId('3'), runId('4')]

const table = (name: string) => ({
  ...{ name, digest: '12345678', sourceType: 's3', source: `{"uri":"s3://warehouse/${name}"}` },
  tags: { 'mlflow.data.context': 'training' },
})
const run = (id: string, datasets: string[], tags = {}) => ({
  ...{ id, experimentId: '1', name: `run ${id[0]}`, startedAt: createdAt, endedAt: createdAt + 1, tags },
  datasets: datasets.map(table),
})
const version = (id: string) => ({ createdAt, source: `runs:/${id}/model`, runId: id })

/** Two domains that share a dataset and a run, and a sweep above one of them that made no version itself. */
const data: MlflowData = {
  experiments: [{ id: '1', name: 'training', createdAt }],
  runs: [
    run(sweep, []),
    run(credit, ['loans', 'people'], { 'mlflow.parentRunId': sweep }),
    run(uplift, ['people', 'clicks']),
    run(both, ['people']),
  ],
  models: [
    {
      ...{ name: 'credit', createdAt, tags: { domain: 'credit', owner: 'risk' }, aliases: { champion: '1' } },
      versions: [version(credit), version(both)],
    },
    {
      ...{ name: 'uplift', createdAt, tags: { domain: 'marketing', owner: 'growth' }, aliases: { champion: '1' } },
      versions: [version(uplift), version(both)],
    },
    { name: 'orphan', createdAt, versions: [version(uplift)] },
  ],
}

const keys = Object.fromEntries(
  ['credit', 'marketing', 'registry', 'servers', 'nobody'].map((role) => [role, makeKey(role)]),
)
const access = [
  { roles: ['credit'], see: { domains: ['credit'] } },
  { roles: ['credit'], see: { sources: ['triton'] } },
  { roles: ['marketing'], see: { sources: ['mlflow'], owners: ['growth'] } },
  { roles: ['registry'], see: { sources: ['mlflow'] } },
  { roles: ['servers'], see: { sources: ['triton'] } },
]

let graph: Graph
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  const mlflow = await startMlflow({ version: '3.17.2', data })
  const models = ['credit', 'uplift', 'orphan'].map((name) => ({ name, version: '1' }))
  const triton = await startOpenInference({ dialect: 'triton', models })
  graph = await startGraph({
    sources: [
      { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
      { id: 'triton', kind: 'open-inference', url: triton.url, convention: 'name-and-version', registry: 'mlflow' },
    ],
    settings: {
      access,
      gateway: { keys: Object.entries(keys).map(([id, { hash }]) => ({ id, hash, roles: [id] })) },
    },
  })
  closers.push(graph.close, mlflow.close, triton.close)
})
afterAll(async () => {
  for (const close of closers) await close()
})

/** Asks as the caller of a role; as who sits at this computer, and so admin, without one. */
async function as(role: string | undefined, query: string, variables: object = {}): Promise<Answer> {
  const key = role === undefined ? undefined : keys[role]?.key
  return await graph.ask(query, { variables, ...(key && { headers: { authorization: `Bearer ${key}` } }) })
}
async function dataAs(role: string | undefined, query: string, variables: object = {}) {
  const { data: answer, errors } = await as(role, query, variables)
  expect(errors).toBeUndefined()
  // biome-ignore lint/suspicious/noExplicitAny: what comes back depends on the query, and tests compare it whole
  return answer as any
}
const forbidden = (source: string, count: number) => ({ source, reason: 'FORBIDDEN', count })
const INCOMPLETE = 'incomplete { source reason count }'

describe('the list of models', () => {
  const LIST = `query ($where: ModelFilter, $first: Int) { models(where: $where, first: $first) { nodes { name } totalCount pageInfo { hasNextPage } ${INCOMPLETE} } }`
  const list = async (role: string | undefined, where: object = {}) => {
    const { models } = await dataAs(role, LIST, { where })
    return { ...models, nodes: models.nodes.map(({ name }: { name: string }) => name) }
  }

  it.each<[role: string | undefined, names: string[]]>([
    [undefined, ['credit', 'orphan', 'uplift']],
    ['credit', ['credit']],
    ['marketing', ['uplift']],
    ['registry', ['credit', 'orphan', 'uplift']],
    ['servers', []],
    ['nobody', []],
  ])('shows to %s what its rules say, in nodes and count, and counts the rest', async (role, names) => {
    const { nodes, totalCount, incomplete } = await list(role)
    expect(nodes).toEqual(names)
    expect(totalCount).toBe(names.length)
    expect(incomplete).toEqual(names.length === 3 ? [] : [forbidden('mlflow', 3 - names.length)])
  })

  it.each([
    { name: 'uplift' },
    { name: 'nothing' },
    { search: 'growth' },
    { domain: 'marketing' },
    { owner: 'growth' },
    { tag: { key: 'domain', value: 'marketing' } },
    { hasOwner: false },
    { source: 'mlflow', name: 'orphan' },
  ])('tells nothing of what is hidden by the filter %j', async (where) => {
    const { nodes, totalCount, incomplete } = await list('credit', where)
    expect({ nodes, totalCount, incomplete }).toEqual({
      nodes: [],
      totalCount: 0,
      incomplete: [forbidden('mlflow', 2)],
    })
  })

  it('has no page beyond what is seen', async () => {
    const { models } = await dataAs('credit', LIST, { first: 1 })
    expect(models.pageInfo.hasNextPage).toBe(false)
  })
})

describe('by its id', () => {
  const ids = {
    Model: 'Model:mlflow:uplift',
    ModelVersion: 'ModelVersion:mlflow:uplift:1',
    TrainingRun: `TrainingRun:mlflow:${uplift}`,
  }
  const ROOT = `query ($model: ID!, $version: ID!, $run: ID!) { model(id: $model) { name } modelVersion(id: $version) { version } trainingRun(id: $run) { name } }`
  const root = { model: ids.Model, version: ids.ModelVersion, run: ids.TrainingRun }
  const SERVED = `{ endpoint(id: "Endpoint:triton:server") { name } servedModel(id: "ServedModel:triton:server:uplift:1") { name } }`

  it('what is hidden is as what is not there', async () => {
    expect(await dataAs('credit', ROOT, root)).toEqual({ model: null, modelVersion: null, trainingRun: null })
    const none = { model: 'Model:mlflow:no', version: 'ModelVersion:mlflow:no:1', run: 'TrainingRun:mlflow:no' }
    expect(await dataAs('credit', ROOT, none)).toEqual({ model: null, modelVersion: null, trainingRun: null })
    expect(await dataAs('marketing', SERVED)).toEqual({ endpoint: null, servedModel: null })
  })

  it('what is seen is there', async () => {
    expect(await dataAs('marketing', ROOT, root)).toEqual({
      ...{ model: { name: 'uplift' }, modelVersion: { version: '1' }, trainingRun: { name: 'run 2' } },
    })
    expect(await dataAs('credit', SERVED)).toEqual({ endpoint: { name: 'triton' }, servedModel: { name: 'uplift' } })
  })

  const NODE = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename
    ... on Model { name served { nodes { version } } }
    ... on ModelVersion { version servedBy { nodes { version } } }
    ... on TrainingRun { name }
    ... on Endpoint { name }
    ... on ServedModel { name origins { nodes { link { method } } } } } }`

  it('neither node(id:) nor any reference of another subgraph shows more, and what is hidden answers as what is not there', async () => {
    const hidden = [...Object.values(ids), 'Endpoint:triton:server', 'ServedModel:triton:server:uplift:1']
    const absent = [
      'Model:mlflow:no',
      'ModelVersion:mlflow:no:1',
      `TrainingRun:mlflow:${runId('9')}`,
      'Endpoint:triton:no',
      'ServedModel:triton:server:no:1',
    ]
    const shape = ({ data: answer, errors }: Answer, asked: string[]) => ({
      answer,
      errors: errors?.map(({ message, path }) => ({
        message: asked.reduce((text, id) => text.replaceAll(id, ''), message),
        path,
      })),
    })
    const toHidden = shape(await as('nobody', NODE, { ids: hidden }), hidden)
    expect(toHidden).toEqual(shape(await as('nobody', NODE, { ids: absent }), absent))
    expect(JSON.stringify(toHidden.answer)).not.toMatch(/uplift|run 2/)
  })

  it('is shown by node(id:) to who may see it', async () => {
    const { nodes } = await dataAs('marketing', NODE, { ids: Object.values(ids) })
    expect(nodes).toMatchObject([{ name: 'uplift' }, { version: '1' }, { name: 'run 2' }])
  })
})

describe('what a model leads to', () => {
  const MODEL = `query ($id: ID!) { model(id: $id) {
    champion { version run { name parentRun { name } producedVersions { id } inputs { dataset { id } } } incomplete { reason } }
    latestVersion { version run { producedVersions { id } } }
    aliases { modelVersion { id } }
    versions { totalCount nodes { version } ${INCOMPLETE} }
    served { nodes { servedModel { name } } ${INCOMPLETE} } } }`

  it('is seen with it: versions, aliases, champion and their runs', async () => {
    const { model } = await dataAs('credit', MODEL, { id: 'Model:mlflow:credit' })
    expect(model.champion).toMatchObject({ version: '1', run: { name: 'run 1' }, incomplete: [] })
    expect(model.aliases).toEqual([{ modelVersion: { id: 'ModelVersion:mlflow:credit:1' } }])
    expect(model.versions).toEqual({ totalCount: 2, nodes: [{ version: '2' }, { version: '1' }], incomplete: [] })
    expect(model.served).toEqual({ nodes: [{ servedModel: { name: 'credit' } }], incomplete: [] })
  })

  it('of a run that made versions of several models is what may be seen', async () => {
    const { model } = await dataAs('credit', MODEL, { id: 'Model:mlflow:credit' })
    expect(model.latestVersion.run.producedVersions).toEqual([{ id: 'ModelVersion:mlflow:credit:2' }])
    const { model: all } = await dataAs('registry', MODEL, { id: 'Model:mlflow:credit' })
    expect(all.latestVersion.run.producedVersions).toHaveLength(2)
  })

  it('is not a run of which no version is seen, but for who sees the source', async () => {
    const parentFor = async (role: string) =>
      (await dataAs(role, MODEL, { id: 'Model:mlflow:credit' })).model.champion.run.parentRun
    expect(await parentFor('credit')).toBeNull()
    expect(await parentFor('registry')).toEqual({ name: 'run 4' })
    const RUN = `{ trainingRun(id: "TrainingRun:mlflow:${sweep}") { name } }`
    expect(await dataAs('credit', RUN)).toEqual({ trainingRun: null })
    expect(await dataAs('registry', RUN)).toEqual({ trainingRun: { name: 'run 4' } })
  })

  it('is where it is served, counted where that may not be seen', async () => {
    const { model } = await dataAs('registry', MODEL, { id: 'Model:mlflow:credit' })
    expect(model.served).toEqual({ nodes: [], incomplete: [forbidden('triton', 1)] })
  })
})

describe('what is served', () => {
  const ENDPOINTS = `query ($where: EndpointFilter) { endpoints(where: $where) { totalCount nodes { served { name origins { nodes { modelVersion { id run { name } } } ${INCOMPLETE} } } } ${INCOMPLETE} } }`

  it('shows the origins that may be seen and counts the others', async () => {
    const { endpoints } = await dataAs('credit', ENDPOINTS)
    expect(endpoints.nodes[0].served).toEqual([
      {
        name: 'credit',
        origins: {
          nodes: [{ modelVersion: { id: 'ModelVersion:mlflow:credit:1', run: { name: 'run 1' } } }],
          incomplete: [],
        },
      },
      ...['orphan', 'uplift'].map((name) => ({ name, origins: { nodes: [], incomplete: [forbidden('mlflow', 1)] } })),
    ])
  })

  it.each([{}, { modelName: 'uplift' }, { search: 'nothing' }])(
    'is hidden from who sees no domain of it, and counted without regard to the filter %j',
    async (where) => {
      const { endpoints } = await dataAs('marketing', ENDPOINTS, { where })
      expect(endpoints).toEqual({ totalCount: 0, nodes: [], incomplete: [forbidden('triton', 1)] })
    },
  )
})

describe('a dataset', () => {
  const DATASET = `query ($id: ID!) { node(id: $id) { ... on Dataset { name usedByRuns { totalCount nodes { run { name producedVersions { id } } } ${INCOMPLETE} } } } }`
  const usesFor = async (role: string | undefined, name: string) => {
    const { node } = await dataAs(role, DATASET, { id: `Dataset:s3%3A%2F%2Fwarehouse:${name}` })
    const { totalCount, nodes, incomplete } = node.usedByRuns
    return { totalCount, runs: nodes.map((use: { run: { name: string } }) => use.run.name).sort(), incomplete }
  }

  it('shows the runs of versions that are seen, and counts the others', async () => {
    expect(await usesFor('credit', 'people')).toEqual({
      ...{ totalCount: 2, runs: ['run 1', 'run 3'], incomplete: [forbidden('mlflow', 1)] },
    })
    expect(await usesFor('marketing', 'people')).toEqual({
      ...{ totalCount: 2, runs: ['run 2', 'run 3'], incomplete: [forbidden('mlflow', 1)] },
    })
    expect(await usesFor('nobody', 'people')).toEqual({ totalCount: 0, runs: [], incomplete: [forbidden('mlflow', 3)] })
    expect(await usesFor(undefined, 'people')).toMatchObject({ totalCount: 3, incomplete: [] })
  })
})

describe('who asks', () => {
  it('is told who they are', async () => {
    const ME = '{ me { subject name roles scopes } sources { id } }'
    const { me, sources } = await dataAs('credit', ME)
    expect(me).toEqual({ subject: 'key:credit', name: 'credit', roles: ['credit'], scopes: [] })
    expect(sources).toEqual([{ id: 'mlflow' }, { id: 'triton' }])
    expect((await dataAs(undefined, ME)).me).toMatchObject({ subject: 'local', roles: ['admin'] })
  })

  it('is not answered with a wrong key, though this computer could ask without one', async () => {
    const { status, errors } = await graph.ask('{ me { subject } }', { headers: { authorization: 'Bearer wrong' } })
    expect(status).toBe(401)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})
