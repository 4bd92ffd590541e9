import type { DaysAgo } from './build.ts'

/** What people said of the company's models, as the state keeps it. All of it is made up, and says so. */
export interface Statement {
  readonly kind: 'attestation' | 'attestation-revoked' | 'waiver' | 'use-case' | 'gate'
  readonly subject?: string
  readonly actor: string
  readonly content: Readonly<Record<string, string | boolean | null | readonly string[]>>
  /** Milliseconds since 1970. */
  readonly at: number
  readonly expiresAt?: number
  /** The name in this file of another statement, which this one revokes. */
  readonly revokes?: string
  /** By which this file names it. */
  readonly name?: string
}

/** Who said it, by subject id, with the name to show. */
export const speakers: Readonly<Record<string, string>> = {
  'demonstration:validator': 'Model validation (demonstration)',
  'demonstration:approver': 'Model approval board (demonstration)',
  'demonstration:risk-officer': 'Risk officer (demonstration)',
  'demonstration:ci': 'Release pipeline (demonstration)',
}

const MADE_UP = '(Made up for the demonstration.)'
const SHARED_LOGIN = 'Not told of who ran its training: the account is that of a team. Made up for the demonstration.'
const OTHERS = 'Another person than who ran its training and wrote its code. Made up for the demonstration.'
const UNTOLD = 'Not told of who wrote its code, which is not known. Made up for the demonstration.'

const model = (name: string, registry = 'mlflow') => `Model:${registry}:${name}`
const version = (name: string, number: number, registry = 'mlflow') => `ModelVersion:${registry}:${name}:${number}`
const TREASURY = 'mlflow-treasury'

/** What people said in the last two years, oldest first. */
export function statementsOf(daysAgo: DaysAgo): readonly Statement[] {
  const attestation = (
    subject: string,
    kind: 'VALIDATION' | 'APPROVAL' | 'REVIEW' | 'RISK_TIER',
    days: number,
    statement: string,
    more: { until?: number; independent?: boolean | null; name?: string } = {},
  ): Statement => {
    const { until, independent = null, name } = more
    const by = { VALIDATION: 'validator', REVIEW: 'validator', APPROVAL: 'approver', RISK_TIER: 'risk-officer' }
    const isVersion = subject.startsWith('ModelVersion:')
    const told = independent === true ? OTHERS : isVersion ? SHARED_LOGIN : UNTOLD
    return {
      ...{ kind: 'attestation', subject, actor: `demonstration:${by[kind]}`, at: daysAgo(days) },
      content: {
        ...{ kind, statement: `${statement} ${MADE_UP}`, independent, independenceEvidence: told },
        evidenceUrl:
          kind === 'RISK_TIER' ? null : `https://reports.bank.example/${subject.replace(/^\w+:[\w-]+:/, '')}`,
      },
      ...(until !== undefined && { expiresAt: daysAgo(until) }),
      ...(name !== undefined && { name }),
    }
  }
  const waiver = (subject: string, policy: string, days: number, until: number, reason: string): Statement => ({
    ...{ kind: 'waiver', subject, actor: 'demonstration:risk-officer', at: daysAgo(days), expiresAt: daysAgo(until) },
    content: { policy, reason: `${reason} ${MADE_UP}` },
  })
  const useCase = (
    name: string,
    domain: string,
    owner: string,
    status: string,
    models: readonly string[],
  ): Statement => ({
    ...{ kind: 'use-case', actor: 'demonstration:risk-officer', at: daysAgo(200) },
    content: { name, description: `Declared to show what use cases are. ${MADE_UP}`, owner, domain, status, models },
  })

  const said: readonly Statement[] = [
    useCase('Accept or decline a loan', 'Credit', 'Credit risk', 'ACTIVE', [
      model('loan-default'),
      model('affordability'),
    ]),
    useCase('Set the limit of a card', 'Credit', 'Credit risk', 'ACTIVE', [model('credit-limit')]),
    useCase('Hold back a payment', 'Fraud', 'Fraud defence', 'ACTIVE', [
      model('card-fraud'),
      model('account-takeover'),
    ]),
    useCase('Keep a customer', 'Retention', 'Customer retention', 'ACTIVE', [model('churn'), model('next-best-offer')]),
    useCase('Hold enough cash', 'Treasury', 'Treasury', 'ACTIVE', [
      model('liquidity-forecast', TREASURY),
      model('deposit-decay', TREASURY),
    ]),
    useCase('Answer complaints by a machine', 'Retention', 'Customer retention', 'PROPOSED', []),
    useCase('Call customers in arrears', 'Credit', 'Credit risk', 'RETIRED', [model('collections-priority')]),

    // Everything that is asked for is there.
    attestation(model('liquidity-forecast', TREASURY), 'RISK_TIER', 170, 'HIGH, since it sets how much cash is held.'),
    attestation(version('liquidity-forecast', 3, TREASURY), 'VALIDATION', 19, 'Back-tested over two years.', {
      independent: true,
    }),
    attestation(version('liquidity-forecast', 3, TREASURY), 'APPROVAL', 18, 'May be used for the daily plan.', {
      until: -347,
    }),
    // One thing is not, and somebody answers for it, ten days more.
    attestation(model('deposit-decay', TREASURY), 'RISK_TIER', 160, 'MEDIUM, since the plan of a year rests on it.'),
    attestation(version('deposit-decay', 2, TREASURY), 'VALIDATION', 79, 'Compared with the model of the auditors.', {
      independent: true,
    }),
    waiver(version('deposit-decay', 2, TREASURY), 'documentation-current', 79, -10, 'The model card is being written.'),
    // What was decided is less than what the facts of now propose.
    attestation(model('loan-default'), 'RISK_TIER', 400, 'MEDIUM, since it is a pilot in one branch.'),
    attestation(version('loan-default', 2), 'APPROVAL', 95, 'May decide on loans up to 10,000 EUR.', { until: -20 }),
    // Whether who validated it had a part in it cannot be told.
    attestation(model('card-fraud'), 'RISK_TIER', 120, 'HIGH, since it stops payments of customers.'),
    attestation(version('card-fraud', 5), 'VALIDATION', 15, 'Tested on a month of disputed payments.'),
    attestation(version('card-fraud', 5), 'APPROVAL', 13, 'May hold back payments.', { until: -352 }),
    waiver(
      model('card-fraud'),
      'training-data-known',
      40,
      -50,
      'The table of confirmed fraud is being entered in the catalog.',
    ),
    waiver(model('card-fraud'), 'upstream-quality-passed', 40, -50, 'Checks of the samples are being written.'),
    waiver(model('card-fraud'), 'signature-served', 40, -50, 'The server takes one tensor; a proxy puts it together.'),
    waiver(model('card-fraud'), 'fairness-measured', 40, -50, 'Figures by age and region are being computed.'),
    waiver(model('card-fraud'), 'documentation-current', 12, -50, 'The model card of version 5 is being reviewed.'),
    // It was taken back.
    attestation(model('churn'), 'RISK_TIER', 150, 'MEDIUM, since it learned from personal data.'),
    attestation(version('churn', 3), 'VALIDATION', 60, 'Lift is as expected in every region.', { name: 'leak' }),
    attestation(version('churn', 3), 'APPROVAL', 58, 'Personal data may be used to keep customers.', { until: -25 }),
    // Nobody looked at it again in time, and the waiver has run out.
    attestation(model('credit-limit'), 'RISK_TIER', 390, 'HIGH, since it sets how much a person can owe.'),
    attestation(model('credit-limit'), 'REVIEW', 260, 'Reviewed for the yearly report.'),
    waiver(model('credit-limit'), 'drift-monitored', 130, 40, 'The monitor is ordered.'),
    attestation(model('next-best-offer'), 'RISK_TIER', 220, 'MEDIUM, since it learned from personal data.'),
    attestation(model('demand-forecast'), 'RISK_TIER', 90, 'LOW, since people look at every campaign.'),

    gate(version('liquidity-forecast', 3, TREASURY), 17, 'ALLOWED', 'All policies that applied held.'),
    gate(
      version('credit-limit', 4),
      17,
      'REFUSED',
      '2 policies failed: independent-validation, personal-data-approved.',
    ),
    gate(version('card-fraud', 5), 14, 'UNDECIDED', '1 policy could not be told: independent-validation.'),
    {
      ...{ kind: 'attestation-revoked', actor: 'demonstration:validator', at: daysAgo(21), revokes: 'leak' },
      ...{ subject: version('churn', 3) },
      content: { reason: `What it was tested on was among what it learned from. ${MADE_UP}` },
    },
  ]
  return said.toSorted((a, b) => a.at - b.at)

  function gate(subject: string, days: number, decision: string, reason: string): Statement {
    const at = new Date(daysAgo(days)).toISOString()
    return {
      ...{ kind: 'gate', subject, actor: 'demonstration:ci', at: daysAgo(days) },
      content: { decision, reason: `${reason} ${MADE_UP}`, asOf: at, judgedAt: at, policies: null, findings: [] },
    }
  }
}
