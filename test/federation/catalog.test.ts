import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Company, startCompany } from '#demo/company/index.ts'
import { startMarquez } from '#demo/marquez/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const id = (namespace: string, name: string) => `Dataset:${encodeURIComponent(namespace)}:${encodeURIComponent(name)}`
const LAKE = 's3://bank-lakehouse'

describe('the data of the demonstration company', () => {
  let company: Company
  let graph: Graph
  beforeAll(async () => {
    company = await startCompany()
    const { sources, ...settings } = company.config
    graph = await startGraph({ sources, settings })
  })
  afterAll(async () => {
    await graph.close()
    await company.close()
  })

  it('leads from a model to personal data that its own table is not marked with', async () => {
    const { model } = await graph.data<Json>(`{ model(id: "Model:mlflow:loan-default") { champion { run { inputs {
      name link { method }
      dataset { namespace name classifications records { catalogId } columns { name sources { column dataset { name classifications } } }
        upstream(depth: 3) { nodes { depth jobs { name codeUrl } dataset { name classifications owners { name } } } incomplete { reason } } }
    } } } } }`)
    const [applications] = model.champion.run.inputs
    expect(applications).toMatchObject({
      ...{ name: 'lending.applications', link: { method: 'MATCHED' } },
      dataset: {
        ...{ namespace: LAKE, name: 'lending/applications', classifications: [] },
        records: [{ catalogId: 'unity' }, { catalogId: 'marquez' }],
        columns: expect.arrayContaining([
          {
            name: 'income',
            sources: [{ column: 'income', dataset: { name: 'core.public.customers', classifications: ['PII'] } }],
          },
        ]),
        upstream: {
          nodes: expect.arrayContaining([
            {
              ...{
                depth: 1,
                jobs: [{ name: 'lending.build_applications', codeUrl: expect.stringContaining('https://git.') }],
              },
              dataset: { name: 'core.public.customers', classifications: ['PII'], owners: [{ name: 'core-banking' }] },
            },
          ]),
          incomplete: [],
        },
      },
    })
  })

  it('leads from personal data to the models, over the table between', async () => {
    const { datasets } =
      await graph.data<Json>(`{ datasets(where: { classification: "pii", search: "core.public" }) { nodes {
      downstream(depth: 2) { nodes { dataset { name usedByRuns { nodes { run { producedVersions { model { name } } } } } } } } } } }`)
    const reached = datasets.nodes[0].downstream.nodes.flatMap(({ dataset }: Json) =>
      dataset.usedByRuns.nodes.flatMap(({ run }: Json) => run.producedVersions.map(({ model }: Json) => model.name)),
    )
    expect([...new Set(reached)].sort()).toEqual(expect.arrayContaining(['credit-limit', 'loan-default', 'churn']))
  })

  it('shows two catalogs that disagree about an owner', async () => {
    const { datasets } = await graph.data<Json>(
      '{ datasets(where: { disputed: true, search: "crm" }) { nodes { name owners { name } disagreements { field told { catalogId value } } } } }',
    )
    expect(datasets.nodes).toEqual([
      {
        ...{ name: 'crm/customers', owners: [{ name: 'Customer retention' }] },
        disagreements: expect.arrayContaining([
          {
            field: 'OWNERS',
            told: [
              { catalogId: 'unity', value: 'Customer retention' },
              { catalogId: 'marquez', value: 'data-platform' },
            ],
          },
        ]),
      },
    ])
  })

  it('shows a dataset that nobody knows, and one that nobody can name', async () => {
    const inputs = `champion { run { inputs { location link { method } dataset { name records { catalogId } incomplete { reason } upstream { nodes { depth } incomplete { reason } } } } } }`
    const { topics, affordability } = await graph.data<Json>(
      `{ topics: model(id: "Model:mlflow:complaint-topics") { ${inputs} latestVersion { run { inputs { dataset { name records { catalogId } } } } } } affordability: model(id: "Model:mlflow:affordability") { ${inputs} } }`,
    )
    expect(topics.latestVersion.run.inputs).toEqual([{ dataset: { name: 'service/complaints', records: [] } }])
    expect(affordability.champion.run.inputs).toEqual([
      { location: '/home/analyst/Downloads/customers_final_v2.csv', link: null, dataset: null },
    ])
  })

  it('tells which applications a table takes along, and that its check fails', async () => {
    const { dataset } = await graph.data<Json>(`{ dataset(id: "${id(LAKE, 'external/bureau/scores.parquet')}") {
      quality { status checks { name status message } }
      usedByRuns { nodes { run { producedVersions { model { applications { nodes { application { name criticality } } } } } } } } } }`)
    const names = dataset.usedByRuns.nodes.flatMap(({ run }: Json) =>
      run.producedVersions.flatMap(({ model }: Json) =>
        model.applications.nodes.map(({ application }: Json) => application.name),
      ),
    )
    expect([...new Set(names)].sort()).toEqual(['Card limits', 'Loan desk'])
    expect(dataset.quality).toMatchObject({
      ...{ status: 'FAILED' },
      checks: [{ status: 'PASSED' }, { name: 'freshness', status: 'FAILED', message: 'expected < 24 h, found 61 h' }],
    })
  })

  it('tells a check that had failed before the last training, and one that had not', async () => {
    const champion = `champion { version run { inputQuality { dataset { name } quality { status checks { name status message } } } } }`
    const { limit, loan } = await graph.data<Json>(
      `{ limit: model(id: "Model:mlflow:credit-limit") { ${champion} } loan: model(id: "Model:mlflow:loan-default") { ${champion} } }`,
    )
    const bureau = ({ champion: { run } }: Json) =>
      run.inputQuality.find(({ dataset }: Json) => dataset.name.endsWith('scores.parquet')).quality
    expect(limit.champion.version).toBe('4')
    expect(bureau(limit)).toEqual({
      status: 'FAILED',
      checks: [
        { name: 'row_count', status: 'FAILED', message: 'expected > 380000, found 212406' },
        { name: 'freshness', status: 'PASSED', message: null },
      ],
    })
    expect(bureau(loan).status).toBe('PASSED')
  })

  it('is the same from the application, the endpoint and the model', async () => {
    const { application, endpoint, model } = await graph.data<Json>(`{
      application(id: "Application:modelops.yaml:card-limits") { dependsOn { nodes { thing { id __typename ... on Model { name } ... on Endpoint { environment } } } } }
      endpoint(id: "Endpoint:triton:server") { applications { nodes { application { id } } } }
      model(id: "Model:mlflow:credit-limit") { applications { nodes { application { id } } } }
    }`)
    expect(application.dependsOn.nodes).toEqual([
      { thing: { id: 'Endpoint:triton:server', __typename: 'Endpoint', environment: 'production' } },
      { thing: { id: 'Model:mlflow:credit-limit', __typename: 'Model', name: 'credit-limit' } },
    ])
    const back = { applications: { nodes: [{ application: { id: 'Application:modelops.yaml:card-limits' } }] } }
    expect([endpoint, model]).toEqual([back, back])
  })

  it('is found by its id alone, as every thing', async () => {
    const dataset = id(LAKE, 'lending/outcomes')
    const { nodes, sources } = await graph.data<Json>(
      `{ nodes(ids: ["${dataset}", "Application:modelops.yaml:risk-report"]) { id ... on Dataset { domain } ... on Application { name } } sources { id kind status { state } } }`,
    )
    expect(nodes[0]).toEqual({ id: dataset, domain: 'Credit' })
    expect(nodes[1].name).toBe('Risk report of the board')
    expect(sources).toEqual(
      expect.arrayContaining([
        { id: 'unity', kind: 'unity-catalog', status: { state: 'UP' } },
        { id: 'marquez', kind: 'marquez', status: { state: 'UP' } },
      ]),
    )
  })
})

describe('a catalog of many datasets', () => {
  const count = 1_200
  const AT = '2026-01-05T00:00:00Z'
  const names = Array.from({ length: count }, (_, i) => `t${String(i).padStart(4, '0')}`)
  const data = {
    datasets: names.map((name) => ({ namespace: 's3://b', name, createdAt: AT })),
    jobs: names.slice(1).map((name, i) => ({
      ...{ namespace: 'airflow', name: `make ${name}`, createdAt: AT },
      ...{ inputs: [{ namespace: 's3://b', name: names[i] ?? '' }], outputs: [{ namespace: 's3://b', name }] },
    })),
  }

  it('is read by the page, and asked for the lineage of each dataset shown once', async () => {
    const marquez = await startMarquez({ data })
    const graph = await startGraph({ sources: [{ id: 'mz', kind: 'marquez', url: marquez.url }] })
    try {
      const { datasets } = await graph.data<Json>(
        '{ datasets(first: 500) { totalCount nodes { name owners { name } records { name } } } }',
      )
      expect(datasets.totalCount).toBe(count)
      // Namespaces; those of the jobs and of the datasets, 500 a page.
      expect(marquez.calls.length).toBe(1 + 1 + 3)
      await graph.data(
        '{ datasets(first: 20) { nodes { upstream(depth: 10) { nodes { dataset { name quality { status } } } } } } }',
      )
      expect(marquez.calls.length).toBe(5 + 20)
      await graph.data(
        '{ datasets(first: 20) { nodes { upstream(depth: 10) { nodes { dataset { name } } } downstream(depth: 10) { nodes { depth } } } } }',
      )
      expect(marquez.calls.length).toBe(25)
    } finally {
      await graph.close()
      await marquez.close()
    }
  })
})

describe('a catalog that fails', () => {
  it('is named, and takes neither the runs nor the other catalog along', async () => {
    const marquez = await startMarquez({
      data: { datasets: [{ namespace: 's3://b', name: 'd', createdAt: '2026-01-05T00:00:00Z' }] },
    })
    const broken = await startFaultServer({ target: marquez.url })
    const run = { id: `${'0'.repeat(31)}a`, name: 'r', experimentId: '1', startedAt: 1, endedAt: 2 }
    const mlflow = await startMlflow({
      version: '3.17.2',
      data: {
        experiments: [{ id: '1', name: 'e', createdAt: 1 }],
        runs: [{ ...run, datasets: [{ name: 'd', sourceType: 's3', source: '{"uri": "s3a://b/d/"}', digest: 'x' }] }],
        models: [{ name: 'm', createdAt: 1, versions: [{ createdAt: 3, source: 's3://m', runId: run.id }] }],
      },
    })
    const graph = await startGraph({
      sources: [
        { id: 'down', kind: 'unity-catalog', url: broken.url },
        { id: 'mz', kind: 'marquez', url: marquez.url },
        { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
      ],
    })
    try {
      await broken.fault({ kind: 'answer', status: 500, body: 'secret words' })
      const answer = await graph.ask(
        '{ models { nodes { latestVersion { run { inputs { dataset { id name records { catalogId } incomplete { source reason } upstream { incomplete { source reason } } usedByRuns { nodes { run { name } } } } } } } } } }',
      )
      expect(answer.errors).toBeUndefined()
      const [model] = (answer.data as Json).models.nodes
      expect(model.latestVersion.run.inputs).toEqual([
        {
          dataset: {
            ...{ id: id('s3://b', 'd'), name: 'd', records: [{ catalogId: 'mz' }] },
            incomplete: [{ source: 'down', reason: 'DOWN' }],
            upstream: { incomplete: [{ source: 'down', reason: 'DOWN' }] },
            usedByRuns: { nodes: [{ run: { name: 'r' } }] },
          },
        },
      ])
      expect(JSON.stringify(answer)).not.toContain('secret words')
    } finally {
      await graph.close()
      await Promise.all([broken, marquez, mlflow].map((one) => one.close()))
    }
  })
})
