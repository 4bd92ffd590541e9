import { afterEach, describe, expect, it } from 'vitest'
import { AT, at, type CatalogGraph, startCatalogGraph } from './graph.ts'

let graph: CatalogGraph
afterEach(() => graph.close())

const id = (namespace: string, name: string) => `Dataset:${encodeURIComponent(namespace)}:${encodeURIComponent(name)}`
const LOANS = id('s3://lake', 'lending/loans')
const SAYS = `id namespace name displayName description domain deprecated classifications
  owners { name kind evidence } columns { name dataType description classifications }
  aliases { namespace name link { method evidence } } disagreements { field told { catalogId value } }
  quality { status passed failed unknown lastRunAt } records { catalogId namespace name } incomplete { source reason }
  provenance { source { id } }`

const unity = (more: object = {}) => [
  {
    ...{ name: 'main', ...at },
    schemas: [
      {
        ...{ name: 'lending', ...at },
        tables: [
          {
            ...{ name: 'loans', ...at, storage_location: 's3a://lake/lending/loans/', comment: 'By Unity Catalog' },
            ...{ owner: 'data-office', properties: { PII: 'true', domain: 'Lending', deprecated: 'false' } },
            columns: [
              { name: 'customer', type_text: 'string', metadata: { pii: true } },
              { name: 'amount', type_text: 'decimal(18,2)' },
            ],
            ...more,
          },
        ],
      },
    ],
  },
]
const marquez = {
  datasets: [
    {
      ...{ namespace: 's3://lake', name: 'lending/loans', createdAt: AT, description: 'By Marquez', tags: ['pii'] },
      fields: [
        { name: 'customer', type: 'VARCHAR', tags: ['GDPR'], description: 'Who' },
        { name: 'amount', type: null },
      ],
      facets: {
        ownership: { owners: [{ name: 'team:credit-risk' }] },
        tags: {
          tags: [
            { key: 'classification', value: 'CONFIDENTIAL' },
            { key: 'deprecated', value: 'true' },
          ],
        },
        dataQualityAssertions: { assertions: [{ assertion: 'a', success: true }, { assertion: 'b' }] },
      },
    },
  ],
}
const people = [{ id: 'credit-risk', name: 'Credit risk', kind: 'team' }]

describe('a dataset that two catalogs know', () => {
  it('is one node by the place of its data, whose fields come from the first that tells', async () => {
    graph = await startCatalogGraph(
      [
        { id: 'uc', unity: unity() },
        { id: 'mz', marquez },
      ],
      { people },
    )
    const { data, errors } = await graph.ask(`{ datasets { nodes { ${SAYS} } totalCount incomplete { reason } } }`)
    expect(errors).toBeUndefined()
    expect(data.datasets.totalCount).toBe(1)
    expect(data.datasets.incomplete).toEqual([])
    expect(data.datasets.nodes[0]).toEqual({
      ...{ id: LOANS, namespace: 's3://lake', name: 'lending/loans', displayName: 'main.lending.loans' },
      ...{ description: 'By Unity Catalog', domain: 'Lending', deprecated: false },
      // Of both, in the first one's spelling.
      classifications: ['PII', 'CONFIDENTIAL'],
      owners: [{ name: 'data-office', kind: 'UNKNOWN', evidence: 'owner of main.lending.loans' }],
      columns: [
        { name: 'customer', dataType: 'string', description: 'Who', classifications: ['pii', 'GDPR'] },
        { name: 'amount', dataType: 'decimal(18,2)', description: null, classifications: [] },
      ],
      aliases: [
        {
          ...{ namespace: 'unitycatalog://uc', name: 'main.lending.loans' },
          link: { method: 'DECLARED', evidence: 'uc: storage location of main.lending.loans' },
        },
      ],
      disagreements: [
        {
          field: 'OWNERS',
          told: [
            { catalogId: 'uc', value: 'data-office' },
            { catalogId: 'mz', value: 'Credit risk' },
          ],
        },
        {
          field: 'CLASSIFICATIONS',
          told: [
            { catalogId: 'uc', value: 'PII' },
            { catalogId: 'mz', value: 'CONFIDENTIAL, pii' },
          ],
        },
        {
          field: 'DEPRECATED',
          told: [
            { catalogId: 'uc', value: 'false' },
            { catalogId: 'mz', value: 'true' },
          ],
        },
      ],
      quality: { status: 'UNKNOWN', passed: 1, failed: 0, unknown: 1, lastRunAt: null },
      records: [
        { catalogId: 'uc', namespace: 'unitycatalog://uc', name: 'main.lending.loans' },
        { catalogId: 'mz', namespace: 's3://lake', name: 'lending/loans' },
      ],
      ...{ incomplete: [], provenance: { source: { id: 'uc' } } },
    })
  })

  it('says otherwise where the configuration names the sources the other way round', async () => {
    graph = await startCatalogGraph(
      [
        { id: 'mz', marquez },
        { id: 'uc', unity: unity() },
      ],
      { people },
    )
    const { data } = await graph.ask(`{ dataset(id: "${LOANS}") { ${SAYS} } }`)
    expect(data.dataset).toMatchObject({
      ...{ description: 'By Marquez', deprecated: true, owners: [{ name: 'Credit risk', kind: 'TEAM' }] },
      records: [{ catalogId: 'mz' }, { catalogId: 'uc' }],
    })
  })

  it.each([
    ['another spelling', id('s3n://LAKE', '/lending/loans/')],
    ["the catalog's own name", id('unitycatalog://uc', 'main.lending.loans')],
  ])('is found by %s', async (_, asked) => {
    graph = await startCatalogGraph([
      { id: 'uc', unity: unity() },
      { id: 'mz', marquez },
    ])
    const { data } = await graph.ask(`{ dataset(id: "${asked}") { id records { catalogId } } }`)
    expect(data.dataset).toEqual({ id: LOANS, records: [{ catalogId: 'uc' }, { catalogId: 'mz' }] })
  })
})

describe('a dataset of which catalogs do not say that it is the same', () => {
  const other = { datasets: [{ namespace: 'unitycatalog://elsewhere', name: 'MAIN.lending.loans', createdAt: AT }] }
  const sources = [
    { id: 'uc', unity: unity({ storage_location: 'file:///data/1' }) },
    { id: 'mz', marquez: other },
  ]

  it('is another one, and a guess by its name', async () => {
    graph = await startCatalogGraph(sources)
    const { data } = await graph.ask(
      '{ datasets { nodes { namespace alike { dataset { namespace } link { method } } } } }',
    )
    expect(data.datasets.nodes).toEqual([
      {
        namespace: 'unitycatalog://elsewhere',
        alike: [{ dataset: { namespace: 'unitycatalog://uc' }, link: { method: 'GUESSED' } }],
      },
      {
        namespace: 'unitycatalog://uc',
        alike: [{ dataset: { namespace: 'unitycatalog://elsewhere' }, link: { method: 'GUESSED' } }],
      },
    ])
  })

  it('is the same where the configuration says so', async () => {
    const is = { namespace: 'postgres://db', name: 'lending.loans' }
    const named = [
      { namespace: 'unitycatalog://elsewhere', name: 'MAIN.lending.loans' },
      { namespace: 'unitycatalog://uc', name: 'main.lending.loans' },
    ]
    graph = await startCatalogGraph(sources, { datasets: named.map((one) => ({ named: one, is })) })
    const { data } = await graph.ask(
      '{ datasets { nodes { id aliases { namespace link { method } } records { catalogId } } } }',
    )
    expect(data.datasets.nodes).toEqual([
      {
        id: id('postgres://db:5432', 'lending.loans'),
        aliases: [
          { namespace: 'unitycatalog://uc', link: { method: 'CONFIGURED' } },
          { namespace: 'unitycatalog://elsewhere', link: { method: 'CONFIGURED' } },
        ],
        records: [{ catalogId: 'uc' }, { catalogId: 'mz' }],
      },
    ])
  })
})

describe('a dataset that no catalog knows', () => {
  const unknown = id('s3://elsewhere', '__proto__')

  it('is a node all the same, of which nothing is known', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez }])
    const { data, errors } = await graph.ask(`{ dataset(id: "${unknown}") { ${SAYS} } }`)
    expect(errors).toBeUndefined()
    expect(data.dataset).toMatchObject({
      ...{ id: unknown, name: '__proto__', owners: null, classifications: null, columns: null, quality: null },
      ...{ records: [], disagreements: [], incomplete: [], provenance: null },
    })
  })

  it('may be known to one that is silent', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez }])
    await Promise.all(graph.standIns.map((standIn) => standIn.close()))
    const { data } = await graph.ask(
      `{ dataset(id: "${LOANS}") { records { name } incomplete { source reason } } datasets { nodes { id } incomplete { source reason } } }`,
    )
    const incomplete = [{ source: 'mz', reason: 'DOWN' }]
    expect(data).toEqual({ dataset: { records: [], incomplete }, datasets: { nodes: [], incomplete } })
    // Closed twice otherwise.
    graph = await startCatalogGraph([])
  })

  it('is told as such where no catalog is configured', async () => {
    graph = await startCatalogGraph([])
    const { data } = await graph.ask(
      `{ dataset(id: "${LOANS}") { name incomplete { reason } } datasets { nodes { id } incomplete { reason } } }`,
    )
    const incomplete = [{ reason: 'NOT_CONFIGURED' }]
    expect(data).toEqual({ dataset: { name: 'lending/loans', incomplete }, datasets: { nodes: [], incomplete } })
  })
})

describe('datasets', () => {
  const found = async (where: string) => {
    const { data, errors } = await graph.ask(`{ datasets(where: { ${where} }) { nodes { name } } }`)
    expect(errors).toBeUndefined()
    return data.datasets.nodes.length
  }

  it.each([
    ['search: "by UNITY"', 1],
    ['search: "main.lending"', 1],
    ['search: "nothing"', 0],
    ['source: "mz"', 1],
    ['source: "other"', 0],
    ['owner: "data-office"', 1],
    // It is not the one that counts.
    ['owner: "credit-risk"', 0],
    ['domain: "Lending"', 1],
    ['classification: "gdpr"', 1],
    ['classification: "pci"', 0],
    ['column: "customer"', 1],
    ['disputed: true', 1],
    ['disputed: false', 0],
    ['namespace: "s3://lake", column: "none"', 0],
  ])('with %s are %d', async (where, count) => {
    graph = await startCatalogGraph([
      { id: 'uc', unity: unity() },
      { id: 'mz', marquez },
    ])
    expect(await found(where)).toBe(count)
  })

  it('are hidden from who may not see their catalogs, and counted', async () => {
    graph = await startCatalogGraph([{ id: 'mz', marquez }], { access: [{ roles: ['another'], see: 'all' }] })
    const caller = { subject: 'x', roles: [], scopes: [] }
    const { data } = await graph.ask(
      `{ datasets { nodes { id } totalCount incomplete { source reason count } } dataset(id: "${LOANS}") { description records { name } incomplete { reason } } }`,
      { caller },
    )
    expect(data).toEqual({
      datasets: { nodes: [], totalCount: 0, incomplete: [{ source: 'mz', reason: 'FORBIDDEN', count: 1 }] },
      dataset: { description: null, records: [], incomplete: [{ reason: 'FORBIDDEN' }] },
    })
  })
})
