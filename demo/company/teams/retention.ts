import {
  type DaysAgo,
  described,
  fromCommit,
  modelOf,
  type TeamData,
  type Training,
  trainingRun,
  versionOf,
} from '../build.ts'
import { s3, table } from '../datasets.ts'

const TEAM = 'customer-retention'
const EXPERIMENT = '2'

/** Keeps customers, and hears what they complain of. */
export function retention(daysAgo: DaysAgo): TeamData {
  const train = (training: Omit<Training, 'experimentId' | 'user'>) =>
    trainingRun({ experimentId: EXPERIMENT, user: 'retention-pipelines', ...training })
  const churnCode = (change: string) => fromCommit('retention/churn', 'churn/train.py', change)
  const events = (part: number) => s3('app-events', `s3://bank-events/app/quarter-${part}/`, 2_204_118)
  const customers = table('crm.customers', 88, 1_204_332)

  const churn = [1, 2, 3, 4].map((number) =>
    train({
      ...{ of: `churn ${number}`, startedAt: daysAgo(200 - number * 45) },
      params: { depth: '6', 'learning rate': '0.01', features: 'tenure,plan,calls' },
      // With one class only in the newest segment, its drift cannot be computed.
      metrics: { auc: 0.84 + number * 0.011, recall: 0.58 + number * 0.01, psi: number === 3 ? Number.NaN : 0.04 },
      datasets: [customers, events(number)],
      code: churnCode(`release ${number}`),
    }),
  )
  const offers = [1, 2].map((number) =>
    train({
      ...{ of: `next-best-offer ${number}`, startedAt: daysAgo(number === 1 ? 380 : 230) },
      params: { candidates: '40' },
      metrics: { 'hit rate at 3': 0.31 + number * 0.03 },
      datasets: [customers],
      code: fromCommit('retention/offers', 'offers/train.py', `release ${number}`),
    }),
  )
  const topics = [1, 2].map((number) =>
    train({
      ...{ of: `complaint-topics ${number}`, startedAt: daysAgo(150 - number * 50), minutes: 95 },
      params: { topics: String(12 * number) },
      metrics: { coherence: 0.41 + number * 0.05 },
      datasets: [table('service.complaints', 30 + number, 77_150)],
      code: fromCommit('retention/complaints', 'topics/train.py', `release ${number}`),
    }),
  )

  const signature = {
    inputs: { tenure: 'double', calls: 'long', plan: 'string' },
    outputs: { probability_of_leaving: 'double' },
  } as const
  const [offer1, offer2] = offers.map((run) => versionOf(run))
  if (!offer1 || !offer2) throw new Error('Runs are missing')

  return {
    experiments: [{ id: EXPERIMENT, name: 'retention', createdAt: daysAgo(450), tags: { team: TEAM } }],
    runs: [...churn, ...offers, ...topics],
    models: [
      modelOf(
        'churn',
        churn.map((run) => versionOf(run, { signature })),
        {
          description: 'Scores how likely a customer is to leave within 90 days.',
          tags: described(TEAM, 'Retention', 'Choose whom to call'),
          aliases: { champion: '3', challenger: '4' },
        },
      ),
      modelOf(
        'next-best-offer',
        [
          { ...offer1, stage: 'Production', updatedAt: daysAgo(360) },
          // Nobody has decided on it since.
          { ...offer2, stage: 'Staging', updatedAt: daysAgo(221), description: 'Waits for the legal review.' },
        ],
        {
          description: 'The offer that a customer is most likely to take.',
          tags: described(TEAM, 'Retention', 'Pick the banner after login'),
        },
      ),
      modelOf(
        'complaint-topics',
        topics.map((run) => versionOf(run)),
        {
          description: 'Topics of a complaint, for routing.',
          tags: described(TEAM, 'Retention', 'Route a complaint'),
          aliases: { champion: '2' },
        },
      ),
      // MLflow keeps prompts among its models, and tells them apart by this tag.
      modelOf(
        'summarise-complaint',
        [
          {
            ...{ createdAt: daysAgo(33), source: 'dummy-source', description: 'Shorter' },
            tags: {
              'mlflow.prompt.is_prompt': 'true',
              'mlflow.prompt.text': 'Summarise in two sentences: {{complaint}}',
            },
          },
        ],
        { tags: { 'mlflow.prompt.is_prompt': 'true', team: TEAM }, aliases: { production: '1' } },
      ),
    ],
  }
}
