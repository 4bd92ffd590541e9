import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Graph, startGraph } from '../federation/graph.ts'

/** The graph over the real servers: MLServer joins MLflow 3.17.2, Triton joins MLflow 2.22.5 (test/live/served.ts). */
describe('the graph over real servers', () => {
  const { url: mlflow2, seeded: seeded2 } = inject('mlflow2')
  const { url: mlflow3, seeded: seeded3 } = inject('mlflow3')
  let graph: Graph
  beforeAll(async () => {
    graph = await startGraph({
      sources: [
        { id: 'two', kind: 'mlflow', url: mlflow2 },
        { id: 'three', kind: 'mlflow', url: mlflow3 },
        {
          id: 'mlserver',
          kind: 'open-inference',
          url: inject('mlserver').url,
          registry: 'three',
          environment: 'staging',
        },
        {
          id: 'triton',
          kind: 'open-inference',
          url: inject('triton').url,
          registry: 'two',
          convention: 'name-and-version',
          environment: 'prod',
        },
        { id: 'gone', kind: 'open-inference', url: 'http://127.0.0.1:9' },
      ],
    })
  })
  afterAll(() => graph.close())

  it('lists the models of both registries once each, and the prompts of none', async () => {
    const { models } = await graph.data<{
      models: { nodes: { id: string }[]; totalCount: number; incomplete: object[] }
    }>('{ models(first: 500) { nodes { id } totalCount incomplete { reason } } }')
    expect(models.totalCount).toBe(seeded2.models.length + seeded3.models.length)
    expect(new Set(models.nodes.map(({ id }) => id)).size).toBe(models.totalCount)
    expect(models.incomplete).toEqual([])
  })

  it('tells the champion and its run, data, code and signature, and that it is really served', async () => {
    const { model } = await graph.data<{ model: object }>(`{
      model(id: "Model:three:churn-scorer") {
        owners { name } domain purpose championDeclaration { kind name }
        champion {
          version flavors signature { inputs { name dataType } }
          run { name user parentRun { name } code { repositoryUrl sha branch } inputs { name context dataset { id } } metrics { name value text } producedVersions { version model { name } } }
          servedBy { nodes { servedModel { state endpoint { name environment production } inputs { name dataType } } link { method confidence } } incomplete { source reason } }
        }
      }
    }`)
    expect(model).toMatchObject({
      ...{ owners: [{ name: 'risk-models' }], domain: 'retention', purpose: 'Choose whom to call' },
      championDeclaration: { kind: 'ALIAS', name: 'champion' },
      champion: {
        version: '3',
        signature: {
          inputs: [
            { name: 'tenure', dataType: 'FP64' },
            { name: 'calls', dataType: 'INT64' },
            { name: 'plan', dataType: 'BYTES' },
          ],
        },
        run: {
          ...{ name: 'train churn', user: 'risk-models', parentRun: { name: 'nightly sweep' } },
          code: { repositoryUrl: 'https://git.example.com/risk/churn.git', branch: 'main' },
          inputs: [
            { name: 'warehouse.customers', dataset: { id: expect.stringContaining('Dataset:s3') } },
            { name: 'customers holdout' },
          ],
          metrics: expect.arrayContaining([
            { name: 'psi', value: null, text: 'NaN' },
            { name: 'auc', value: 0.913, text: '0.913' },
          ]),
        },
        servedBy: {
          nodes: [
            {
              servedModel: { state: 'READY', endpoint: { environment: 'staging', production: false } },
              link: { method: 'DECLARED', confidence: 0.98 },
            },
            // Another model of the same run.
            { link: { method: 'GUESSED', confidence: 0.2 } },
          ],
          incomplete: [{ source: 'gone', reason: 'DOWN' }],
        },
      },
    })
  })

  it('tells an alias from a stage, and the rest of the stage', async () => {
    const ask = (id: string) =>
      graph.data<{ model: object }>(
        `{ model(id: "${id}") { champion { version } championDeclaration { kind name otherVersions { version } } } }`,
      )
    const byStage = {
      champion: { version: '3' },
      championDeclaration: { kind: 'STAGE', name: 'Production', otherVersions: [{ version: '2' }] },
    }
    expect(await ask('Model:two:fraud-detector')).toEqual({ model: byStage })
    expect(await ask('Model:three:fraud-detector')).toEqual({ model: byStage })
    expect(await ask('Model:two:price-forecaster')).toEqual({
      model: {
        champion: { version: '1' },
        championDeclaration: { kind: 'ALIAS', name: 'champion', otherVersions: [] },
      },
    })
  })

  it.each(['two', 'three'])(
    'tells runs that are deleted, that are gone and that were never named apart, of %s',
    async (source) => {
      const { model } = await graph.data<{ model: { versions: { nodes: object[] } } }>(
        `{ model(id: "Model:${source}:credit-limit") { versions { nodes { version runId run { deleted experiment { deleted } } incomplete { reason } } } } }`,
      )
      expect(model.versions.nodes).toMatchObject([
        { version: '4', runId: null, run: null, incomplete: [] },
        { version: '3', runId: expect.any(String), run: null, incomplete: [{ reason: 'UNMATCHED' }] },
        { version: '2', run: { deleted: true, experiment: { deleted: true } }, incomplete: [] },
        { version: '1', run: { deleted: true, experiment: { deleted: false } }, incomplete: [] },
      ])
    },
  )

  it('tells what each server has, how it stands, and what it is', async () => {
    interface Served {
      name: string
      version: string | null
      state: string
      loadState: string
      stateMessage: string | null
      origins: { nodes: { modelVersion: { id: string }; link: { method: string } }[]; incomplete: { reason: string }[] }
    }
    const { endpoints } = await graph.data<{
      endpoints: { nodes: { name: string; state: string; server: object; served: Served[] }[]; incomplete: object[] }
    }>(`{
      endpoints { nodes { name state server { name version } served { name version state loadState stateMessage origins { nodes { modelVersion { id } link { method } } incomplete { reason } } } } incomplete { source reason } }
    }`)
    expect(endpoints.incomplete).toEqual([{ source: 'gone', reason: 'DOWN' }])
    const [mlserver, triton] = endpoints.nodes
    expect(mlserver).toMatchObject({ state: 'DEGRADED', server: { name: 'mlserver', version: '1.7.1' } })
    expect(triton).toMatchObject({ state: 'DEGRADED', server: { name: 'triton', version: '2.51.0' } })
    const of = (served: Served[] | undefined, name: string) => served?.find((one) => one.name === name)
    const states = (served: Served[] | undefined, names: string[]) => names.map((name) => of(served, name)?.loadState)
    expect(states(mlserver?.served, ['churn-scorer', 'price-forecaster', 'demand-forecaster'])).toEqual([
      'READY',
      'UNAVAILABLE',
      'LOADING',
    ])
    expect(states(triton?.served, ['fraud-detector', 'price-forecaster', 'credit-limit'])).toEqual([
      'READY',
      'FAILED',
      'UNLOADED',
    ])
    expect(of(mlserver?.served, 'spam-filter')?.origins).toEqual({ nodes: [], incomplete: [] })
    expect(of(mlserver?.served, 'ledger')?.origins).toMatchObject({ nodes: [], incomplete: [{ reason: 'UNMATCHED' }] })
    expect(of(mlserver?.served, 'retention-api')?.origins.nodes[0]).toMatchObject({
      modelVersion: { id: 'ModelVersion:three:churn-logged:1' },
      link: { method: 'DECLARED' },
    })
    expect(of(triton?.served, 'fraud-detector')?.origins.nodes).toMatchObject([
      { modelVersion: { id: 'ModelVersion:two:fraud-detector:3' } },
    ])
    expect(JSON.stringify(endpoints)).not.toMatch(/Traceback|\.py|\/tmp\//)
  })

  it('finds the runs that read a dataset, over both registries', async () => {
    const dataset = 'Dataset:s3%3A%2F%2Fwarehouse:customers%2F2026-01-04%2Fpart-0.parquet'
    const ask = async () => {
      const { node } = await graph.data<{
        node: { usedByRuns: { nodes: { run: { id: string } }[]; incomplete: object[] } }
      }>(
        `{ node(id: "${dataset}") { ... on Dataset { namespace name usedByRuns { nodes { context run { id } } incomplete { reason } } } } }`,
      )
      return node.usedByRuns.nodes.map(({ run }) => run.id).toSorted()
    }
    expect(await ask()).toEqual([
      `TrainingRun:three:${seeded3.runs.training.runId}`,
      `TrainingRun:two:${seeded2.runs.training.runId}`,
    ])
  })
})
