import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMlflowScoring } from '#demo/mlflow-scoring/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import type { StandIn } from '#demo/stand-in.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { contextOf, query, subgraphOf } from './graph.ts'

const RUN = 'f5ff3c0147654cbcba9114a63926adc7'
const OTHER_RUN = '0123456789abcdef0123456789abcdef'

let servers: StandIn[]
let graph: Subgraph

beforeAll(async () => {
  servers = await Promise.all([
    startOpenInference({
      dialect: 'mlserver',
      models: [
        { name: 'churn', version: '3', parameters: { mlflow_run_id: OTHER_RUN } },
        { name: 'retention', version: 'blue', parameters: { mlflow_run_id: RUN } },
      ],
    }),
    startOpenInference({
      dialect: 'triton',
      models: [
        { name: 'churn', version: '3' },
        { name: 'churn', version: '4', state: 'failed' },
      ],
    }),
    startMlflowScoring({ version: '3.17.2' }),
  ])
  const [mlserver, triton, scoring] = servers.map(({ url }) => url)
  graph = subgraphOf(
    `
sources:
  - { id: prod, kind: mlflow, url: "http://mlflow.example", formerly: [prod-old] }
  - { id: lab, kind: mlflow, url: "http://lab.example" }
  - { id: mlserver, kind: open-inference, url: "${mlserver}", registry: prod }
  - { id: triton, kind: open-inference, url: "${triton}", registry: prod, convention: name-and-version }
  - { id: scoring, kind: mlflow-scoring, url: "${scoring}", serves: { registry: prod, model: churn } }
  - { id: gone, kind: open-inference, url: "http://127.0.0.1:1" }
access: []
`,
    ['prod', 'lab'],
  )
})

afterAll(async () => {
  await graph.close()
  await Promise.all(servers.map((server) => server.close()))
})

const NODES =
  '{ nodes { version servedModel { id state } link { method confidence evidence } } incomplete { source reason message } }'

/** As the gateway hands a version over, with what `@requires` asks for. */
async function servedBy(id: string, version: string, runId: string | null, context = contextOf()) {
  const representations = [{ __typename: 'ModelVersion', id, version, runId, artifactUri: null, loggedModelId: null }]
  const text = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ModelVersion { servedBy ${NODES} } } }`
  const { data, errors } = await query(graph, text, { representations }, context)
  expect(errors).toBeUndefined()
  return data._entities[0].servedBy
}

async function served(id: string, candidates: { version: string; runId: string | null }[]) {
  const representations = [{ __typename: 'Model', id, candidates }]
  const text = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Model { served ${NODES} } } }`
  const { data, errors } = await query(graph, text, { representations })
  expect(errors).toBeUndefined()
  return data._entities[0].served
}

const RETENTION = {
  version: '3',
  servedModel: { id: 'ServedModel:mlserver:server:retention:blue', state: 'READY' },
  link: expect.objectContaining({ method: 'MATCHED', confidence: 0.7 }),
}
const TRITON_3 = {
  version: '3',
  servedModel: { id: 'ServedModel:triton:server:churn:3', state: 'READY' },
  link: expect.objectContaining({ method: 'MATCHED', confidence: 0.8 }),
}
const TRITON_4 = {
  version: '4',
  servedModel: { id: 'ServedModel:triton:server:churn:4', state: 'NOT_READY' },
  link: expect.objectContaining({ method: 'MATCHED', confidence: 0.8 }),
}
const SCORING = {
  version: null,
  servedModel: { id: 'ServedModel:scoring:server:churn', state: 'READY' },
  link: expect.objectContaining({ method: 'CONFIGURED', confidence: 1 }),
}
const GONE = expect.objectContaining({ source: 'gone', reason: 'DOWN' })

describe('where a version is served', () => {
  it('is everywhere that speaks for it, best evidence first, and not where another run is declared', async () => {
    const { nodes } = await servedBy('ModelVersion:prod:churn:3', '3', RUN)
    expect(nodes).toEqual([TRITON_3, RETENTION])
  })

  it('says which server could not be asked, and which serves the model without telling its version', async () => {
    const { incomplete } = await servedBy('ModelVersion:prod:churn:3', '3', RUN)
    const untold = expect.objectContaining({ source: 'scoring', reason: 'UNMATCHED' })
    expect(incomplete).toEqual([GONE, untold])
  })

  it('includes what is not ready', async () => {
    const { nodes } = await servedBy('ModelVersion:prod:churn:4', '4', null)
    expect(nodes).toEqual([TRITON_4])
  })

  it('is nowhere for the same name in a registry that the sources do not name', async () => {
    const { nodes, incomplete } = await servedBy('ModelVersion:lab:churn:3', '3', null)
    expect(nodes).toEqual([])
    expect(incomplete).toEqual([GONE])
  })

  it('is found by the former id of the registry', async () => {
    const { nodes } = await servedBy('ModelVersion:prod-old:churn:4', '4', null)
    expect(nodes).toEqual([TRITON_4])
  })

  it('counts what the caller may not see instead of showing it', async () => {
    const context = contextOf({ caller: { subject: 'nobody', roles: [], scopes: [] } })
    const { nodes, incomplete } = await servedBy('ModelVersion:prod:churn:4', '4', null, context)
    expect(nodes).toEqual([])
    expect(incomplete).toContainEqual(expect.objectContaining({ source: 'triton', reason: 'FORBIDDEN' }))
  })
})

describe('what is served of a model', () => {
  const candidates = [
    { version: '4', runId: null },
    { version: '3', runId: RUN },
  ]

  it('is each served model once, with the version that it is, or none where that is not told', async () => {
    const { nodes, incomplete } = await served('Model:prod:churn', candidates)
    expect(nodes).toEqual([SCORING, TRITON_3, TRITON_4, RETENTION])
    expect(incomplete).toEqual([GONE])
  })

  it('is also a version that was deleted from the registry, as the server calls it, with that in its evidence', async () => {
    const { nodes } = await served('Model:prod:churn', [{ version: '3', runId: RUN }])
    expect(nodes).toEqual([SCORING, TRITON_3, TRITON_4, RETENTION])
    const evidence = nodes.map(({ link }: { link: { evidence: string } }) => link.evidence)
    expect(evidence[2]).toMatch(/churn version 4, which the registry does not have$/)
    expect(evidence[1]).not.toContain('does not have')
    expect((await served('Model:prod:churn', [])).nodes).toEqual([TRITON_3, TRITON_4])
  })

  it('is not what another model of that name is, in a registry that the source does not name', async () => {
    expect((await served('Model:lab:churn', [])).nodes).toEqual([])
  })

  it('is not a name alone where the server tells that it loaded something else', async () => {
    const { nodes } = await served('Model:prod:retention', [])
    expect(nodes).toEqual([])
  })
})
