import { expect } from 'vitest'
import { startMarquez } from '#demo/marquez/index.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { describeCatalogPort } from './catalog-suite.ts'

const AT = '2026-01-05T00:00:00Z'
const LAKE = 's3://lake'
const ODD = 'weird "quoted" näme:with/slash#hash?q%20'

describeCatalogPort({
  name: 'Marquez',
  start: async () => {
    const { url, close } = await startMarquez({
      data: {
        datasets: [
          {
            ...{ namespace: 'postgres://db:5432', name: 'shop.public.orders', createdAt: AT, lastModifiedAt: AT },
            fields: [{ name: '__proto__', type: 'VARCHAR', tags: ['SENSITIVE'], description: 'odd' }],
            tags: ['PII'],
            facets: {
              ownership: { owners: [{ name: 'team:shop', type: 'DATA_OWNER' }, { name: 'desk' }] },
              tags: {
                tags: [
                  { key: 'pii', value: 'true' },
                  { key: 'pci', field: '__proto__' },
                ],
              },
              dataQualityAssertions: {
                assertions: [
                  { assertion: 'not_null', column: 'id', success: true },
                  { assertion: 'range', name: 'amounts', success: false, expected: '>0', actual: '-1' },
                ],
              },
            },
            versions: [
              { createdAt: AT, facets: { dataQualityAssertions: { assertions: [] } } },
              // More than a page of them, the newest first.
              ...Array.from({ length: 120 }, (_, i) => ({ createdAt: new Date(Date.parse(AT) - i - 1).toISOString() })),
              {
                createdAt: '2026-01-03T00:00:00Z',
                facets: { dataQualityAssertions: { assertions: [{ assertion: 'not_null', success: true }] } },
              },
            ],
          },
          {
            ...{ namespace: LAKE, name: ODD, createdAt: AT },
            fields: [{ name: 'a', type: null }],
            facets: {
              symlinks: { identifiers: [{ namespace: 'hive://h:10000', name: 'shop.orders', type: 'TABLE' }] },
              columnLineage: {
                fields: {
                  a: { inputFields: [{ namespace: 'postgres://db:5432', name: 'shop.public.orders', field: 'id' }] },
                },
              },
              // A producer's own mistake spoils nothing else.
              ownership: 'nonsense',
            },
          },
          {
            namespace: LAKE,
            name: 'gone',
            createdAt: AT,
            lastLifecycleState: 'DROP',
            facets: { documentation: { description: 'was' } },
          },
          { namespace: LAKE, name: 'report', createdAt: AT },
        ],
        jobs: [
          {
            ...{ namespace: 'airflow', name: 'load', createdAt: AT, location: 'https://user:secret@git.example/x.py' },
            inputs: [{ namespace: 'postgres://db:5432', name: 'shop.public.orders' }],
            outputs: [{ namespace: LAKE, name: ODD }],
          },
          {
            ...{ namespace: 'airflow', name: 'report', createdAt: AT },
            inputs: [{ namespace: LAKE, name: ODD }],
            outputs: [{ namespace: LAKE, name: 'report' }],
          },
        ],
      },
    })
    return {
      source: { kind: 'marquez', url },
      datasets: [
        {
          ...{ namespace: 'postgres://db:5432', name: 'shop.public.orders', classifications: ['PII'] },
          tags: [{ key: 'pii', value: 'true' }],
          owners: [
            { name: 'shop', kind: 'TEAM', evidence: 'ownership facet: team:shop (DATA_OWNER)' },
            { name: 'desk', kind: 'UNKNOWN', evidence: 'ownership facet: desk' },
          ],
          columns: [
            {
              ...{ name: '__proto__', dataType: 'VARCHAR', description: 'odd', classifications: ['SENSITIVE'] },
              tags: [{ key: 'pci', value: null }],
              sources: null,
            },
          ],
          checks: [
            { address: null, name: 'not_null', column: 'id', status: 'PASSED', message: null, ranAt: null },
            {
              ...{ address: null, name: 'amounts', column: null, status: 'FAILED', message: 'expected >0, found -1' },
              ranAt: null,
            },
          ],
          ...{ deleted: false, dataUpdatedAt: Date.parse(AT), updatedAt: Date.parse(AT) },
        },
        {
          ...{ namespace: LAKE, name: ODD, owners: null, checks: null },
          aliases: [
            { namespace: 'hive://h:10000', name: 'shop.orders', evidence: expect.stringContaining('symlinks') },
          ],
          columns: [
            expect.objectContaining({
              sources: [{ namespace: 'postgres://db:5432', name: 'shop.public.orders', column: 'id' }],
            }),
          ],
        },
        { namespace: LAKE, name: 'gone', deleted: true, description: 'was' },
        { namespace: LAKE, name: 'report', dataUpdatedAt: null },
      ],
      made: [
        [0, 1, 'load'],
        [1, 3, 'report'],
      ],
      stood: {
        at: Date.parse('2026-01-04T00:00:00Z'),
        checks: [{ address: null, name: 'not_null', column: null, status: 'PASSED', message: null, ranAt: null }],
      },
      stop: close,
    }
  },
})

describeCatalogPort({
  name: 'Unity Catalog',
  start: async () => {
    const at = { created_at: Date.parse(AT) }
    const { url, close } = await startUnityCatalog({
      tokens: {
        secret: { use: ['ml', 'ml.fraud', 'ml.Fraud'], select: ['ml.fraud.cards', 'ml.fraud.zz@1', 'ml.Fraud.cards'] },
      },
      catalogs: [
        {
          ...{ name: 'ml', ...at },
          schemas: [
            { name: 'empty', ...at },
            {
              ...{ name: 'fraud', ...at },
              tables: [
                {
                  ...{
                    name: 'cards',
                    ...at,
                    storage_location: 's3a://Lake/cards/',
                    comment: 'Cards',
                    owner: 'fraud@bank.example',
                  },
                  properties: { pii: 'true', 'delta.minReaderVersion': '1' },
                  columns: [
                    {
                      name: 'card "holder".é',
                      type_text: 'string',
                      comment: 'name',
                      metadata: { pii: true, deep: {} },
                    },
                    { name: 'broken', type_text: 'int', type_json: 'no JSON' },
                  ],
                },
                // Not granted: the first page is empty.
                ...Array.from({ length: 150 }, (_, i) => ({
                  name: `hidden${String(i).padStart(3, '0')}`,
                  ...at,
                  storage_location: 's3://lake/hidden',
                })),
                { name: 'zz@1', ...at, storage_location: 'file:///data/zz' },
              ],
            },
            { name: 'Fraud', ...at, tables: [{ name: 'cards', ...at, storage_location: 's3://lake/other' }] },
          ],
        },
      ],
    })
    const namespace = 'unitycatalog://uc.bank.example'
    return {
      source: { kind: 'unity-catalog', url, namespace, auth: { bearer: 'secret' } },
      datasets: [
        {
          ...{ namespace, name: 'ml.fraud.cards', displayName: 'ml.fraud.cards', description: 'Cards', checks: null },
          aliases: [{ namespace: 's3://lake', name: 'cards', evidence: 'storage location of ml.fraud.cards' }],
          owners: [{ name: 'fraud@bank.example', kind: 'UNKNOWN', evidence: 'owner of ml.fraud.cards' }],
          tags: [
            { key: 'pii', value: 'true' },
            { key: 'delta.minReaderVersion', value: '1' },
          ],
          columns: [
            {
              ...{
                name: 'card "holder".é',
                dataType: 'string',
                description: 'name',
                classifications: [],
                sources: null,
              },
              tags: [{ key: 'pii', value: 'true' }],
            },
            expect.objectContaining({ name: 'broken', tags: [] }),
          ],
          updatedAt: Date.parse(AT),
        },
        { namespace, name: 'ml.fraud.zz@1', aliases: [], owners: null },
        { namespace, name: 'ml.Fraud.cards', aliases: [expect.objectContaining({ name: 'other' })] },
      ],
      stop: close,
    }
  },
})

describeCatalogPort({
  name: 'OpenMetadata',
  start: async () => {
    const at = Date.parse(AT)
    const [orders, features, report] = [
      'pg.shop.public.orders',
      'snow."ML.PROD".FEATURES.TXN',
      'pg.shop.public."re""port"',
    ]
    const table = (fullyQualifiedName = '') => ({ type: 'table', fullyQualifiedName })
    const model = (fullyQualifiedName: string) => ({ type: 'mlmodel', fullyQualifiedName })
    const dashboard = (fullyQualifiedName: string) => ({ type: 'dashboard', fullyQualifiedName })
    const chart = { type: 'chart', fullyQualifiedName: 'bi.31' }
    const { url, close } = await startOpenMetadata({
      token: 'secret',
      data: {
        tables: [
          {
            ...{ fullyQualifiedName: orders ?? '', description: 'Orders', updatedAt: at, entityStatus: 'Deprecated' },
            owners: [
              { type: 'team', name: 'shop' },
              { type: 'user', name: 'desk', deleted: true },
            ],
            domains: [{ type: 'domain', name: 'Retail' }],
            tags: [
              { tagFQN: 'PII.Sensitive', source: 'Classification' },
              { tagFQN: 'Tier.Tier1', source: 'Classification' },
              { tagFQN: 'Business.Order', source: 'Glossary' },
            ],
            columns: [
              { name: '__proto__', dataType: 'VARCHAR', dataTypeDisplay: 'varchar(8)', tags: [{ tagFQN: 'PII.None' }] },
            ],
          },
          { fullyQualifiedName: features ?? '' },
          {
            fullyQualifiedName: report ?? '',
            deleted: true,
            lifeCycle: { created: { timestamp: 1 }, updated: { timestamp: at } },
          },
          { fullyQualifiedName: 'mystery.default.t' },
        ],
        testCases: [
          {
            ...{ name: 'not null', entityLink: `<#E::table::${orders}::columns::__proto__>` },
            results: [
              { timestamp: at - 7_000, testCaseStatus: 'Aborted' },
              { timestamp: at, testCaseStatus: 'Failed', result: 'Found 3' },
              { timestamp: at - 5_000, testCaseStatus: 'Success', result: 'Found 0' },
            ],
          },
          {
            name: 'queued',
            entityLink: `<#E::table::${orders}>`,
            testCaseResult: { timestamp: at, testCaseStatus: 'Queued' },
          },
          { name: 'of something else', entityLink: '<#E::dashboard::x>' },
        ],
        edges: [
          {
            ...{ from: table(orders), to: table(features), pipeline: 'airflow.load.daily' },
            columns: [
              { fromColumns: [`${orders}.__proto__`, `${orders}."a.b"`], toColumn: `${features}.sum` },
              { fromColumns: ['pg.shop.public.orders_old.x'], toColumn: `${features}.old` },
            ],
          },
          { from: table(features), to: table(report), pipeline: '"air.flow".report' },
          { from: table(features), to: model('mlflow."fraud.v2"') },
          { from: table(orders), to: model('mystery.m') },
          // A dashboard stands on a table by its data model and its chart.
          { from: table(orders), to: { type: 'dashboardDataModel', fullyQualifiedName: 'bi.model.7' } },
          { from: { type: 'dashboardDataModel', fullyQualifiedName: 'bi.model.7' }, to: chart },
          { from: chart, to: dashboard('bi."12.a"') },
          { from: model('mlflow."fraud.v2"'), to: dashboard('bi."12.a"') },
          { from: model('mystery.m'), to: dashboard('bi."12.a"') },
          // Circles end.
          { from: chart, to: { type: 'dashboardDataModel', fullyQualifiedName: 'bi.model.7' } },
        ],
        mlmodels: [{ fullyQualifiedName: 'mlflow."fraud.v2"' }, { fullyQualifiedName: 'mystery.m' }],
        dashboards: [
          {
            ...{ fullyQualifiedName: 'bi."12.a"', displayName: 'Orders daily', description: 'How many' },
            ...{ dashboardType: 'Dashboard', sourceUrl: 'https://me:secret@bi.example/12/?token=x' },
            owners: [{ type: 'user', name: 'ana', deleted: false }],
            domains: [{ type: 'domain', name: 'retail', displayName: 'Retail' }],
            tags: [
              { tagFQN: 'Tier.Tier2', source: 'Classification' },
              { tagFQN: 'PII.None', source: 'Classification' },
            ],
          },
          { fullyQualifiedName: 'bi.board', dashboardType: 'Report', sourceUrl: 'javascript:alert(1)' },
          { fullyQualifiedName: 'bi.gone', deleted: true },
        ],
      },
    })
    return {
      source: {
        ...{ kind: 'openmetadata', url, auth: { bearer: 'secret' } },
        services: { pg: 'postgres://db', snow: 'snowflake://acme-eu1' },
        modelServices: { mlflow: 'registry' },
      },
      datasets: [
        {
          ...{ namespace: 'postgres://db:5432', name: 'shop.public.orders', displayName: orders ?? '' },
          ...{ description: 'Orders', domain: 'Retail', deprecated: true, deleted: false, updatedAt: at },
          owners: [
            { name: 'shop', kind: 'TEAM', evidence: `owner of ${orders}`, active: null },
            { name: 'desk', kind: 'PERSON', evidence: `owner of ${orders}`, active: false },
          ],
          classifications: ['PII.Sensitive'],
          tags: [
            { key: 'Tier.Tier1', value: null },
            { key: 'Business.Order', value: null },
          ],
          columns: [
            {
              ...{ name: '__proto__', dataType: 'varchar(8)', description: null, classifications: ['PII.None'] },
              ...{ tags: [], sources: null },
            },
          ],
          checks: [
            {
              ...{ address: `${orders}.__proto__.not null`, name: 'not null', column: '__proto__' },
              ...{ status: 'FAILED', message: 'Found 3', ranAt: at },
            },
            {
              ...{ address: `${orders}.queued`, name: 'queued', column: null },
              ...{ status: 'UNKNOWN', message: null, ranAt: at },
            },
          ],
        },
        { namespace: 'snowflake://acme-eu1', name: 'ML.PROD.FEATURES.TXN', deprecated: null, checks: null },
        { namespace: 'postgres://db:5432', name: 'shop.public.re"port', deleted: true, dataUpdatedAt: at },
        { namespace: 'openmetadata:mystery', name: 'default.t' },
      ],
      made: [
        [0, 1, 'load.daily'],
        [1, 2, 'report'],
      ],
      traced: [
        [0, '__proto__', 1, 'sum'],
        [0, 'a.b', 1, 'sum'],
      ],
      stood: {
        at: at - 1_000,
        checks: [
          {
            ...{ address: `${orders}.__proto__.not null`, name: 'not null', column: '__proto__' },
            ...{ status: 'PASSED', message: 'Found 0', ranAt: at - 5_000 },
          },
          {
            ...{ address: `${orders}.queued`, name: 'queued', column: null },
            ...{ status: 'UNKNOWN', message: null, ranAt: null },
          },
        ],
      },
      applications: {
        all: [
          {
            ...{ address: 'bi."12.a"', name: 'Orders daily', kind: 'DASHBOARD', description: 'How many' },
            ...{ domain: 'Retail', criticality: 'Tier2', classifications: ['PII.None'] },
            webUrl: 'https://bi.example/12/',
            owners: [{ name: 'ana', kind: 'PERSON', evidence: 'owner of bi."12.a"', active: true }],
          },
          { address: 'bi.board', name: 'board', kind: 'REPORT', criticality: null, webUrl: null, owners: [] },
        ],
        neighbours: [
          [
            { of: { type: 'application', address: 'bi."12.a"' }, direction: 'upstream' },
            [
              { type: 'model', registry: 'registry', name: 'fraud.v2', basis: 'model fraud.v2 of the service mlflow' },
              { type: 'model', registry: null, name: 'm', basis: 'model m of the service mystery' },
              { type: 'dataset', namespace: 'postgres://db:5432', name: 'shop.public.orders' },
            ],
          ],
          [
            { of: { type: 'dataset', address: orders ?? '' }, direction: 'downstream' },
            [
              { type: 'model', registry: null, name: 'm', basis: 'model m of the service mystery' },
              { type: 'application', address: 'bi."12.a"' },
            ],
          ],
          [
            { of: { type: 'model', registry: 'registry', name: 'fraud.v2' }, direction: 'upstream' },
            [{ type: 'dataset', namespace: 'snowflake://acme-eu1', name: 'ML.PROD.FEATURES.TXN' }],
          ],
          [
            { of: { type: 'model', registry: 'registry', name: 'fraud.v2' }, direction: 'downstream' },
            [{ type: 'application', address: 'bi."12.a"' }],
          ],
          [{ of: { type: 'application', address: 'bi.board' }, direction: 'upstream' }, []],
          [{ of: { type: 'application', address: 'bi."nobody" all/#?' }, direction: 'upstream' }, null],
          [{ of: { type: 'model', registry: 'another', name: 'm' }, direction: 'downstream' }, null],
        ],
      },
      stop: close,
    }
  },
})
