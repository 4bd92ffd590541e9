import { fromCommit, idOf } from '#demo/company/build.ts'
import { numberOf } from '#demo/company/forges.ts'
import { parseId } from '#lib/ids.ts'

// What is made from what at the demonstration company, as its people know it, whether or not a tool can tell: written down
// from the stories of its teams (demo/company/teams, catalogs.ts, serving.ts), not from what the graph answers.

const LAKE = 's3://bank-lakehouse'
const CORE = 'postgres://core-bank.example:5432'

/** Every model: how many versions, the repository, which release made each, and the tables that each run read. */
const models: readonly {
  readonly name: string
  readonly versions: number
  readonly repository?: string
  readonly release?: (version: number) => number
  readonly reads: (version: number) => readonly string[]
  /** Whether a CI run trained it. */
  readonly ci?: true
}[] = [
  {
    ...{ name: 'credit-limit', versions: 4, repository: 'git.bank.example/credit/limits' },
    reads: () => [`${LAKE}/lending/applications`, `${LAKE}/external/bureau/scores.parquet`],
  },
  {
    ...{ name: 'loan-default', versions: 3, repository: 'git.bank.example/credit/loan-default' },
    reads: () => [`${LAKE}/lending/applications`, `${LAKE}/external/bureau/scores.parquet`, `${LAKE}/lending/outcomes`],
  },
  // From a notebook, over an export of the customers.
  { name: 'affordability', versions: 1, reads: () => [`${CORE}/core.public.customers`] },
  { name: 'collections-priority', versions: 1, reads: () => [] },
  {
    ...{ name: 'churn', versions: 4, repository: 'git.bank.example/retention/churn', ci: true },
    reads: (version) => [`${LAKE}/crm/customers`, `s3://bank-events/app/quarter-${version}`],
  },
  {
    ...{ name: 'next-best-offer', versions: 2, repository: 'git.bank.example/retention/offers' },
    reads: () => [`${LAKE}/crm/customers`],
  },
  {
    ...{ name: 'complaint-topics', versions: 2, repository: 'git.bank.example/retention/complaints' },
    reads: () => [`${LAKE}/service/complaints`],
  },
  {
    ...{ name: 'price-elasticity', versions: 2, repository: 'github.bank.example/pricing/elasticity' },
    reads: () => [`${LAKE}/products/sales`, 'https://statistics.example/rates/daily.csv'],
  },
  {
    ...{ name: 'demand-forecast', versions: 12, repository: 'github.bank.example/pricing/demand' },
    // The code changed once, after six weeks.
    release: (version) => (version <= 6 ? 5 : 6),
    reads: () => [`${LAKE}/products/sales`, 'https://statistics.example/rates/daily.csv'],
  },
  {
    ...{ name: 'discount-cap', versions: 1, repository: 'github.bank.example/pricing/discounts' },
    reads: () => [`${LAKE}/products/sales`],
  },
  {
    ...{ name: 'basket-forecast', versions: 1, repository: 'github.bank.example/pricing/baskets' },
    reads: () => ['s3://bank-events/baskets'],
  },
  {
    ...{ name: 'card-fraud', versions: 5, repository: 'git.bank.example/fraud/cards', ci: true },
    reads: (version) => [`s3://bank-payments/cards/sample-${version}`, `${LAKE}/fraud/confirmed`],
  },
  {
    ...{ name: 'account-takeover', versions: 1, repository: 'git.bank.example/fraud/takeover' },
    reads: () => ['s3://bank-events/logins'],
  },
  {
    ...{ name: 'device-fingerprint', versions: 1, repository: 'git.bank.example/fraud/devices' },
    // There is no release yet.
    release: () => 0,
    reads: () => ['s3://bank-events/logins'],
  },
  {
    ...{ name: 'liquidity-forecast', versions: 3, repository: 'git.bank.example/treasury/liquidity', ci: true },
    reads: () => [`${LAKE}/treasury/balances`],
  },
  {
    ...{ name: 'deposit-decay', versions: 2, repository: 'git.bank.example/treasury/deposits', ci: true },
    reads: () => [`${LAKE}/treasury/balances`],
  },
]

/** What a server really runs, whatever it calls it. */
const served: readonly (readonly [version: string | null, served: string, endpoint: string])[] = [
  ['card-fraud 5', 'card-fraud 5 on triton', 'triton'],
  ['credit-limit 3', 'credit-limit 3 on triton', 'triton'],
  ['demand-forecast 11', 'demand-forecast 11 on triton', 'triton'],
  ['discount-cap 1', 'discount-cap 1 on triton', 'triton'],
  [null, 'legacy-scorecard 1 on triton', 'triton'],
  ['loan-default 2', 'loan-default 2 on triton', 'triton'],
  ['price-elasticity 2', 'price-elasticity 2 on triton', 'triton'],
  ['next-best-offer 2', 'next-best-offer 2 on mlserver', 'mlserver'],
  ['churn 4', 'churn 4 on mlserver', 'mlserver'],
  // The folder was copied and renamed.
  ['complaint-topics 1', 'complaint-topics 2 on mlserver', 'mlserver'],
  ['churn 3', 'churn on churn-scoring', 'churn-scoring'],
  // The cluster at the edge, which is down.
  ['account-takeover 1', 'account-takeover 1 on edge-cluster', 'edge-cluster'],
]

const pipelines: readonly (readonly [from: string, to: string])[] = [
  [`${CORE}/core.public.customers`, `${LAKE}/lending/applications`],
  [`${CORE}/core.public.accounts`, `${LAKE}/lending/applications`],
  [`${LAKE}/lending/applications`, `${LAKE}/lending/outcomes`],
  [`${CORE}/core.public.accounts`, `${LAKE}/lending/outcomes`],
  [`${CORE}/core.public.customers`, `${LAKE}/crm/customers`],
  // Every month's sample is drawn from the same stream; only the last one told Marquez.
  ...[1, 2, 3, 4, 5].map(
    (n) => ['kafka://events.bank.example:9092/card.authorisations', `s3://bank-payments/cards/sample-${n}`] as const,
  ),
]

const applications: readonly (readonly [from: string, to: string])[] = [
  ['model loan-default', 'application loan-desk'],
  ['model credit-limit', 'application card-limits'],
  ['endpoint triton', 'application card-limits'],
  [`table ${LAKE}/lending/outcomes`, 'application risk-report'],
]

const releaseName = (number: number) => (number === 0 ? 'prototype' : `release ${number}`)

/** Models by their use cases, which only the risk officer tells. */
const useCases: readonly (readonly [useCase: string, models: readonly string[]])[] = [
  ['Accept or decline a loan', ['loan-default', 'affordability']],
  ['Set the limit of a card', ['credit-limit']],
  ['Hold back a payment', ['card-fraud', 'account-takeover']],
  ['Keep a customer', ['churn', 'next-best-offer']],
  ['Hold enough cash', ['liquidity-forecast', 'deposit-decay']],
  ['Call customers in arrears', ['collections-priority']],
]

/** Every true link, `what is made from → what is made`. */
export const truth: ReadonlySet<string> = new Set([
  ...models.flatMap(({ name, versions, repository, release = (version) => version, reads, ci }) =>
    Array.from({ length: versions }, (_, i) => i + 1).flatMap((version) => {
      const run = `run ${name} ${version}`
      const commit = repository && `commit ${repository} ${releaseName(release(version))}`
      return [
        `${run} → version ${name} ${version}`,
        `version ${name} ${version} → model ${name}`,
        ...reads(version).map((table) => `table ${table} → ${run}`),
        ...(commit ? [`${commit} → ${run}`] : []),
        ...(ci && commit ? [`CI run of ${name} ${version} → ${run}`, `${commit} → CI run of ${name} ${version}`] : []),
      ]
    }),
  ),
  ...served.flatMap(([version, what, endpoint]) => [
    ...(version === null ? [] : [`version ${version} → ${what}`]),
    `${what} → endpoint ${endpoint}`,
  ]),
  ...pipelines.map(([from, to]) => `table ${from} → table ${to}`),
  ...applications.map(([from, to]) => `${from} → ${to}`),
  ...useCases.flatMap(([name, used]) => used.map((model) => `model ${model} → use case ${name}`)),
])

/** Releases by the SHA that stands for them. */
const releases = new Map(
  models.flatMap(({ repository = '', versions, release = (version) => version }) =>
    Array.from({ length: versions }, (_, i) => release(i + 1)).map((number) => {
      const path = repository.slice(repository.indexOf('/') + 1)
      return [fromCommit(path, '', releaseName(number))['mlflow.source.git.commit'], releaseName(number)] as const
    }),
  ),
)

/** What a CI run trained, by its number: as recorded by the run, or the one that the forge started for it. */
const ciRuns = new Map(
  models.flatMap(({ name, versions }) =>
    Array.from({ length: versions }, (_, i) => `${name} ${i + 1}`).flatMap((of) => [
      [String(numberOf(of)), of] as const,
      [String(numberOf(idOf(of))), of] as const,
    ]),
  ),
)

/** A thing of the graph in the words of the truth. */
export function inWords({ id, label }: { readonly id: string; readonly label: string }): string {
  const { type = '', parts = [] } = parseId(id) ?? {}
  const [first = '', ...rest] = parts
  switch (type) {
    case 'Dataset':
      return `table ${first}/${rest.join('/')}`
    case 'TrainingRun':
      return `run ${label.replace(/^train /, '')}`
    case 'ModelVersion':
      return `version ${rest.join(' ')}`
    case 'Commit':
      return `commit ${first.replace(/^https:\/\//, '')} ${releases.get(rest[0] ?? '') ?? rest[0]}`
    case 'PipelineRun':
      return `CI run of ${ciRuns.get(rest[1] ?? '') ?? rest.join(' ')}`
    case 'ServedModel':
      return `${rest.slice(1).join(' ')} on ${first}`
    case 'Endpoint':
      return `endpoint ${first}`
    // Its id is that of a record.
    case 'UseCase':
      return `use case ${label}`
    case 'Application':
      return `application ${rest.join(' ')}`
    default:
      return `${type.toLowerCase()} ${rest.join(' ')}`
  }
}
