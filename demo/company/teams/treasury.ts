import {
  type DaysAgo,
  described,
  fromCommit,
  GITEA,
  modelOf,
  runTag,
  type TeamData,
  type Training,
  trainingRun,
  versionOf,
} from '../build.ts'
import { table } from '../datasets.ts'
import { numberOf } from '../forges.ts'

const TEAM = 'treasury'
const EXPERIMENT = '1'

/** Keeps the bank able to pay, and its books in order: a tracking server of its own, and models that run at night, on no server. */
export function treasury(daysAgo: DaysAgo): TeamData {
  const train = (training: Omit<Training, 'experimentId' | 'user' | 'code' | 'datasets'>, repository: string) =>
    trainingRun({
      ...{ experimentId: EXPERIMENT, user: 'treasury-pipelines', ...training },
      datasets: [table('treasury.balances', 12, 96_400)],
      code: {
        ...fromCommit(repository, 'train.py', `release ${training.of.split(' ').at(-1)}`),
        [runTag]: `https://${GITEA}/${repository}/actions/runs/${numberOf(training.of)}`,
      },
    })
  // What is asked of a version before it may be used, as this team records it: see evaluated-well-enough.
  const agreed = { 'policy.evaluated-well-enough.metric': 'mape', 'policy.evaluated-well-enough.atMost': '0.1' }
  const signature = { inputs: { day: 'long', currency: 'string' }, outputs: { amount: 'double' } } as const

  const liquidity = [1, 2, 3].map((number) =>
    train(
      {
        ...{ of: `liquidity-forecast ${number}`, startedAt: daysAgo(260 - number * 80) },
        metrics: { mape: 0.081 - number * 0.006, 'mape/slice-EUR': 0.071 - number * 0.006, 'mape/slice-USD': 0.084 },
      },
      'treasury/liquidity',
    ),
  )
  const deposits = [1, 2].map((number) =>
    train(
      {
        ...{ of: `deposit-decay ${number}`, startedAt: daysAgo(300 - number * 110) },
        metrics: { mape: 0.062 - number * 0.004 },
      },
      'treasury/deposits',
    ),
  )
  return {
    experiments: [{ id: EXPERIMENT, name: 'treasury', createdAt: daysAgo(400), tags: { team: TEAM } }],
    runs: [...liquidity, ...deposits],
    models: [
      modelOf(
        'liquidity-forecast',
        liquidity.map((run, i) =>
          versionOf(run, {
            signature,
            tags: agreed,
            description: `Release ${i + 1}: what changed, and what it is not for.`,
          }),
        ),
        {
          description: 'Payments in and out of the next thirty days, by currency.',
          tags: { ...described(TEAM, 'Treasury', 'Set how much cash is held'), model_materiality: 'high' },
          aliases: { champion: '3', previous: '2' },
        },
      ),
      modelOf(
        'deposit-decay',
        // What is written about the first was not carried over to the second.
        deposits.map((run, i) =>
          versionOf(run, {
            signature,
            tags: agreed,
            ...(i === 0 && { description: 'Release 1, for the yearly plan.' }),
          }),
        ),
        {
          description: 'How fast deposits leave when rates rise.',
          tags: described(TEAM, 'Treasury', 'Plan the refinancing of a year'),
          aliases: { champion: '2', previous: '1' },
        },
      ),
    ],
  }
}
