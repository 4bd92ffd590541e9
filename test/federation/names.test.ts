import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { namesToSurvive } from '../unit/lib/names.ts'
import { type Graph, startGraph } from './graph.ts'

const names = namesToSurvive.filter((name) => name !== '')

describe('names that break what glues text', () => {
  let graph: Graph
  const closers: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const createdAt = Date.UTC(2026, 0)
    const models = names.map((name) => ({
      ...{ name, createdAt, tags: { owner: name, 'k/"1': name }, aliases: { champion: '1' } },
      versions: [{ createdAt, source: 's3://b/k' }],
    }))
    const mlflow = await startMlflow({ version: '2.22.5', data: { models } })
    const server = await startOpenInference({
      dialect: 'mlserver',
      models: names.map((name) => ({ name, version: '1' })),
    })
    graph = await startGraph({
      sources: [
        { id: 'registry', kind: 'mlflow', url: mlflow.url },
        { id: 'server', kind: 'open-inference', url: server.url, convention: 'name-and-version' },
      ],
    })
    closers.push(graph.close, mlflow.close, server.close)
  })
  afterAll(async () => {
    for (const close of closers) await close()
  })

  it.each(names)('%j is found by filter, by id, by owner, by tag, and on the server', async (name) => {
    const found = await graph.data<{ models: { nodes: { id: string }[] } }>(
      `query ($name: String!) {
        models(where: { name: $name, owner: $name, tag: { key: "k/\\"1", value: $name } }) { nodes { id name owners { name } champion { id } served { nodes { version servedModel { name endpoint { name } } } } } }
      }`,
      { name },
    )
    expect(found.models.nodes).toMatchObject([
      { name, owners: [{ name }], served: { nodes: [{ version: '1', servedModel: { name } }] } },
    ])
    const id = found.models.nodes[0]?.id
    const byId = await graph.data(
      `query ($id: ID!) { model(id: $id) { name latestVersion { version model { id } } } node(id: $id) { id } }`,
      { id },
    )
    expect(byId).toEqual({ model: { name, latestVersion: { version: '1', model: { id } } }, node: { id } })
  })

  it('are ordered by code point, page by page, each once', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: {
        models: { nodes: { name: string }[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
      } = await graph.data(
        `query ($after: String) { models(first: 4, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }`,
        { after },
      )
      seen.push(...page.models.nodes.map(({ name }) => name))
      after = page.models.pageInfo.hasNextPage ? page.models.pageInfo.endCursor : null
    } while (after !== null)
    const points = (name: string) => Array.from(name, (character) => character.codePointAt(0) ?? 0)
    const byPoints = (a: string, b: string) => {
      const [x, y] = [points(a), points(b)]
      const i = x.findIndex((point, at) => point !== y[at])
      return i < 0 ? x.length - y.length : (x[i] ?? -1) - (y[i] ?? -1)
    }
    expect(seen).toEqual(names.toSorted(byPoints))
  })

  it.each([
    '',
    'Model',
    'Model:registry',
    'ModelVersion:registry:a',
    'Endpoint:registry:a',
    'Model:nowhere:a',
    '__proto__',
    "Model:registry:a' OR 1",
  ])('the id %j of another kind or of nothing finds no model', async (id) => {
    expect(
      await graph.data(
        `query ($id: ID!) { model(id: $id) { name } endpoint(id: $id) { name } trainingRun(id: $id) { name } }`,
        { id },
      ),
    ).toEqual({
      model: null,
      endpoint: null,
      trainingRun: null,
    })
  })
})
