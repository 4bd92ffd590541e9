import { afterEach, expect, it } from 'vitest'
import { AT, type CatalogGraph, startCatalogGraph } from './graph.ts'

let graph: CatalogGraph
afterEach(() => graph.close())

const applications = [
  {
    ...{
      id: 'loan-desk',
      name: 'Loan desk',
      kind: 'decision',
      owner: 'credit-risk',
      domain: 'Credit',
      criticality: 'high',
    },
    models: [{ registry: 'mlflow', name: 'a/b: "c"' }],
    datasets: [{ namespace: 's3a://b', name: '/loans' }],
  },
  { id: 'board-report', name: 'Board report', kind: 'report', datasets: [{ namespace: 's3://b', name: 'loans' }] },
]
const people = [{ id: 'credit-risk', name: 'Credit risk', kind: 'team' }]
const MODEL = 'Model:mlflow:a%2Fb%3A%20%22c%22'
const LOANS = 'Dataset:s3%3A%2F%2Fb:loans'

it('applications stand on things, and things tell which stand on them', async () => {
  graph = await startCatalogGraph(
    [{ id: 'mz', marquez: { datasets: [{ namespace: 's3://b', name: 'loans', createdAt: AT }] } }],
    {
      ...{ applications, people },
    },
  )
  const { data, errors } = await graph.ask(`{
    applications { nodes { id name kind criticality owners { name kind evidence } dependsOn { nodes { thingId link { method } } incomplete { reason } } } }
    dataset(id: "${LOANS}") { applications { nodes { application { name } link { method evidence } } incomplete { reason } } }
  }`)
  expect(errors).toBeUndefined()
  expect(data.applications.nodes).toEqual([
    {
      ...{
        id: 'Application:modelops.yaml:board-report',
        name: 'Board report',
        kind: 'REPORT',
        criticality: null,
        owners: null,
      },
      dependsOn: { nodes: [{ thingId: LOANS, link: { method: 'CONFIGURED' } }], incomplete: [] },
    },
    {
      ...{ id: 'Application:modelops.yaml:loan-desk', name: 'Loan desk', kind: 'DECISION', criticality: 'high' },
      owners: [{ name: 'Credit risk', kind: 'TEAM', evidence: 'application loan-desk of the configuration' }],
      dependsOn: {
        nodes: [
          { thingId: MODEL, link: { method: 'CONFIGURED' } },
          { thingId: LOANS, link: { method: 'CONFIGURED' } },
        ],
        incomplete: [],
      },
    },
  ])
  expect(data.dataset.applications).toEqual({
    nodes: ['Board report', 'Loan desk'].map((name) => ({
      application: { name },
      link: { method: 'CONFIGURED', evidence: expect.stringContaining('of the configuration') },
    })),
    incomplete: [],
  })
  const { data: references } = await graph.ask(
    `{ _entities(representations: [{ __typename: "Model", id: "${MODEL}" }, { __typename: "Endpoint", id: "Endpoint:x:server" }]) { ... on Model { applications { nodes { application { name } } } } ... on Endpoint { applications { nodes { link { method } } incomplete { reason } } } } }`,
  )
  expect(references._entities).toEqual([
    { applications: { nodes: [{ application: { name: 'Loan desk' } }] } },
    { applications: { nodes: [], incomplete: [] } },
  ])
})

it('that no application is known at all is said', async () => {
  graph = await startCatalogGraph([])
  const { data } = await graph.ask(
    `{ applications { nodes { id } incomplete { reason } } dataset(id: "${LOANS}") { applications { nodes { link { method } } incomplete { reason } } } }`,
  )
  const none = { nodes: [], incomplete: [{ reason: 'NOT_CONFIGURED' }] }
  expect(data).toEqual({ applications: none, dataset: { applications: none } })
})

it.each([
  ['search: "DESK"', ['Loan desk']],
  ['owner: "Credit risk"', ['Loan desk']],
  ['domain: "Nothing"', []],
  ['source: "modelops.yaml"', ['Board report', 'Loan desk']],
  ['source: "mz"', []],
])('applications with %s', async (where, names) => {
  graph = await startCatalogGraph([], { applications, people })
  const { data } = await graph.ask(`{ applications(where: { ${where} }) { nodes { name } } }`)
  expect(data.applications.nodes.map(({ name }: { name: string }) => name)).toEqual(names)
})
