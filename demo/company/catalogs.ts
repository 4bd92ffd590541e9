import type { DatasetSpec, JobSpec, MarquezData } from '../marquez/index.ts'
import type { CatalogSpec } from '../unity-catalog/index.ts'
import type { DaysAgo } from './build.ts'

const CORE = 'postgres://core-bank.example:5432'
const LAKE = 's3://bank-lakehouse'

const key = (namespace: string, name: string) => ({ namespace, name })
const CUSTOMERS = key(CORE, 'core.public.customers')
const ACCOUNTS = key(CORE, 'core.public.accounts')
const APPLICATIONS = key(LAKE, 'lending/applications')
const OUTCOMES = key(LAKE, 'lending/outcomes')
const BUREAU = key(LAKE, 'external/bureau/scores.parquet')
const CRM = key(LAKE, 'crm/customers')
const AUTHORISATIONS = key('kafka://events.bank.example:9092', 'card.authorisations')
const BALANCES = key(LAKE, 'treasury/balances')
const CARDS = key('s3://bank-payments', 'cards/sample-5')

const column = (name: string, type: string, ...tags: string[]) => ({ name, type, tags })
const ownedBy = (team: string) => ({ ownership: { owners: [{ name: `team:${team}`, type: 'DATA_OWNER' }] } })
const check = (assertion: string, success: boolean, more: object = {}) => ({ assertion, success, ...more })
const checked = (...assertions: ReturnType<typeof check>[]) => ({ dataQualityAssertions: { assertions } })

/** What the pipelines told Marquez: every table between core banking and the models. */
export function lineage(daysAgo: DaysAgo): MarquezData {
  const at = (days: number) => new Date(daysAgo(days)).toISOString()
  const dataset = (of: { namespace: string; name: string }, more: Partial<DatasetSpec>): DatasetSpec => {
    return { ...of, createdAt: at(400), updatedAt: at(1), lastModifiedAt: at(1), ...more }
  }
  const job = (name: string, inputs: JobSpec['inputs'], outputs: JobSpec['outputs']): JobSpec => ({
    ...{ namespace: 'airflow', name, createdAt: at(400), updatedAt: at(1) },
    ...{ inputs: inputs ?? [], outputs: outputs ?? [] },
    location: `https://git.bank.example/data/pipelines/blob/main/dags/${name.replace('.', '/')}.py`,
  })
  return {
    datasets: [
      dataset(CUSTOMERS, {
        tags: ['PII'],
        description: 'Everybody who has, or has had, an account.',
        fields: [
          column('customer_id', 'BIGINT'),
          column('name', 'VARCHAR', 'PII'),
          column('date_of_birth', 'DATE', 'PII'),
          column('income', 'NUMERIC(12,2)'),
        ],
        facets: ownedBy('core-banking'),
      }),
      dataset(ACCOUNTS, { fields: [column('customer_id', 'BIGINT'), column('opened', 'DATE')] }),
      dataset(APPLICATIONS, {
        fields: [column('customer_id', 'BIGINT'), column('income', 'DOUBLE'), column('purpose', 'STRING')],
        facets: {
          ...ownedBy('credit-risk'),
          columnLineage: {
            fields: { income: { inputFields: [{ ...CUSTOMERS, field: 'income' }] } },
          },
          dataQualityAssertions: {
            assertions: [
              check('not_null', true, { column: 'customer_id' }),
              check('range', true, { column: 'income' }),
            ],
          },
        },
      }),
      dataset(OUTCOMES, { facets: ownedBy('credit-risk') }),
      dataset(BUREAU, {
        description: 'Scores that the bureau delivers every night.',
        facets: {
          ...ownedBy('credit-risk'),
          dataQualityAssertions: {
            assertions: [check('row_count', true), check('freshness', false, { expected: '< 24 h', actual: '61 h' })],
          },
        },
        // The delivery before the last training of credit-limit was short of rows; the one before that of loan-default was not.
        versions: [
          {
            createdAt: at(1),
            facets: checked(
              check('row_count', true),
              check('freshness', false, { expected: '< 24 h', actual: '61 h' }),
            ),
          },
          { createdAt: at(15), facets: checked(check('row_count', true), check('freshness', true)) },
          {
            createdAt: at(21),
            facets: checked(
              check('row_count', false, { expected: '> 380000', actual: '212406' }),
              check('freshness', true),
            ),
          },
          { createdAt: at(45), facets: checked(check('row_count', true), check('freshness', true)) },
          { createdAt: at(300), facets: checked(check('row_count', true), check('freshness', true)) },
        ],
      }),
      dataset(CRM, { facets: ownedBy('data-platform') }),
      dataset(AUTHORISATIONS, { facets: ownedBy('fraud-defence') }),
      dataset(BALANCES, {
        facets: { ...ownedBy('treasury'), ...checked(check('row_count', true), check('sum_is_zero', true)) },
        versions: [400, 100, 1].map((days) => ({
          createdAt: at(days),
          facets: checked(check('row_count', true), check('sum_is_zero', true)),
        })),
      }),
      dataset(CARDS, { facets: ownedBy('fraud-defence') }),
    ],
    jobs: [
      job('lending.build_applications', [CUSTOMERS, ACCOUNTS], [APPLICATIONS]),
      job('lending.collect_outcomes', [APPLICATIONS, ACCOUNTS], [OUTCOMES]),
      job('crm.customer_view', [CUSTOMERS], [CRM]),
      job('cards.sample', [AUTHORISATIONS], [CARDS]),
    ],
  }
}

/** The lakehouse as Unity Catalog has it. */
export function lakehouse(daysAgo: DaysAgo): CatalogSpec[] {
  const created_at = daysAgo(380)
  const table = (name: string, place: string, more: object = {}) => {
    return { name, created_at, updated_at: daysAgo(3), storage_location: place, ...more }
  }
  const schema = (name: string, ...tables: ReturnType<typeof table>[]) => ({ name, created_at, tables })
  return [
    {
      ...{ name: 'lakehouse', created_at, comment: 'Tables that models are trained on' },
      schemas: [
        schema(
          'crm',
          table('customers', `${LAKE}/crm/customers`, {
            ...{ owner: 'customer-retention', comment: 'One row for each customer.' },
            properties: { pii: 'true', domain: 'Retention' },
            columns: [
              { name: 'customer_id', type_text: 'bigint' },
              { name: 'email', type_text: 'string', metadata: { pii: true } },
            ],
          }),
        ),
        schema(
          'lending',
          table('applications', `${LAKE}/lending/applications`, {
            ...{ owner: 'credit-risk', comment: 'Applications for loans, as they came in.' },
            properties: { domain: 'Credit' },
            columns: ['customer_id', 'income', 'purpose'].map((name) => ({ name, type_text: 'string' })),
          }),
          table('outcomes', `${LAKE}/lending/outcomes`, { owner: 'credit-risk', properties: { domain: 'Credit' } }),
          table('applications_2021', `${LAKE}/lending/applications_2021`, {
            properties: { deprecated: 'use lending.applications', domain: 'Credit' },
          }),
        ),
        schema(
          'treasury',
          table('balances', `${LAKE}/treasury/balances`, {
            ...{ owner: 'treasury', comment: 'Balances of every account of the bank, by day.' },
            properties: { deprecated: 'false', domain: 'Treasury' },
            columns: ['day', 'currency', 'amount'].map((name) => ({ name, type_text: 'string' })),
          }),
        ),
        // Nothing tells that this is what complaint-topics reads.
        schema('service', table('complaints', 'file:///opt/unity/managed/complaints', { owner: 'customer-retention' })),
      ],
    },
  ]
}

/** What people work with, which no tool of the company knows. */
export const applications: readonly object[] = [
  {
    ...{ id: 'loan-desk', name: 'Loan desk', kind: 'decision', owner: 'credit-risk', domain: 'Credit' },
    ...{ criticality: 'high', description: 'Accepts or declines loans.' },
    models: [{ registry: 'mlflow', name: 'loan-default' }],
  },
  {
    ...{ id: 'card-limits', name: 'Card limits', kind: 'service', owner: 'credit-risk', domain: 'Credit' },
    ...{ criticality: 'medium', description: 'Sets the limit of new cards.' },
    models: [{ registry: 'mlflow', name: 'credit-limit' }],
    endpoints: [{ source: 'triton' }],
  },
  {
    ...{ id: 'risk-report', name: 'Risk report of the board', kind: 'report', owner: 'credit-risk', domain: 'Credit' },
    datasets: [OUTCOMES],
  },
]
