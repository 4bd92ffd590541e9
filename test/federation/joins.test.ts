import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTogether, type Together, WHOLE } from './together.ts'

interface Whole {
  models: { nodes: { name: string; champion: object; served: { nodes: object[] } }[] }
  endpoints: {
    nodes: {
      served: { name: string; stateMessage: string | null; origins: { nodes: object[]; incomplete: object[] } }[]
    }[]
  }
}

describe('what is declared and what is served', () => {
  let together: Together
  let whole: Whole
  beforeAll(async () => {
    together = await startTogether()
    whole = await together.graph.data<Whole>(WHOLE)
  })
  afterAll(() => together.close())

  it('meet from the side of the registry', () => {
    expect(whole.models.nodes).toMatchObject([
      {
        name: 'model-00000',
        champion: {
          servedBy: {
            nodes: [{ servedModel: { name: 'model-00000', state: 'READY' }, link: { method: 'MATCHED' } }],
            incomplete: [],
          },
        },
      },
      { name: 'model-00001', champion: { servedBy: { nodes: [{ servedModel: { state: 'NOT_READY' } }] } } },
      { name: 'model-00002', champion: { servedBy: { nodes: [], incomplete: [] } }, served: { nodes: [] } },
    ])
  })

  it('meet from the side of the server, where a model that no registry knows has no origin and nothing is missing', () => {
    const [served] = whole.endpoints.nodes.map((endpoint) => endpoint.served)
    expect(served).toMatchObject([
      {
        name: 'model-00000',
        origins: {
          nodes: [{ modelVersion: { version: '1', model: { name: 'model-00000' } }, link: { method: 'MATCHED' } }],
          incomplete: [],
        },
      },
      { name: 'model-00001', origins: { nodes: [{ modelVersion: { model: { name: 'model-00001' } } }] } },
      { name: 'stranger', origins: { nodes: [], incomplete: [] } },
    ])
  })

  it('tell of a failed load without the words of the server', () => {
    const [, failed] = whole.endpoints.nodes[0]?.served ?? []
    expect(failed?.stateMessage).toMatch(/fail/i)
    expect(JSON.stringify(whole)).not.toMatch(/Traceback|\/secret/)
  })

  it('are the same things by their ids', async () => {
    const { endpoints } = await together.graph.data<{
      endpoints: {
        nodes: {
          id: string
          served: { id: string; name: string; origins: { nodes: { modelVersion: { id: string } }[] } }[]
        }[]
      }
    }>('{ endpoints { nodes { id served { id name origins { nodes { modelVersion { id } } } } } } }')
    const [endpoint] = endpoints.nodes
    const [served] = endpoint?.served ?? []
    const ids = [
      endpoint?.id,
      served?.id,
      served?.origins.nodes[0]?.modelVersion.id,
      'Model:registry:model-00000',
      'nonsense',
      'Model:registry:none',
    ]
    const { nodes } = await together.graph.data<{ nodes: object[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Endpoint { state } ... on ServedModel { version endpoint { id } } ... on ModelVersion { runId } ... on Model { latestVersion { version } } } }`,
      { ids },
    )
    expect(nodes).toMatchObject([
      { __typename: 'Endpoint', id: ids[0], state: 'DEGRADED' },
      { __typename: 'ServedModel', version: '1', endpoint: { id: ids[0] } },
      { __typename: 'ModelVersion', runId: expect.stringMatching(/^0+a$/) },
      { __typename: 'Model', latestVersion: { version: '1' } },
      null,
      { __typename: 'Model', id: 'Model:registry:none', latestVersion: null },
    ])
  })

  it('cost nothing more while fresh', async () => {
    const before = [together.registry.calls.length, together.server.calls.length]
    await together.graph.data(WHOLE)
    expect([together.registry.calls.length, together.server.calls.length]).toEqual(before)
  })

  it('show the state of each source as the requests saw it', async () => {
    const { sources } = await together.graph.data<{ sources: object[] }>(
      '{ sources { id kind status { state version lastSuccessAt } } }',
    )
    const at = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(sources).toEqual([
      { id: 'registry', kind: 'mlflow', status: { state: 'UP', version: '3.17.2', lastSuccessAt: at } },
      { id: 'server', kind: 'open-inference', status: { state: 'UP', version: '2.51.0', lastSuccessAt: at } },
    ])
  })
})
