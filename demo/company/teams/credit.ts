import {
  type DaysAgo,
  described,
  fromCommit,
  idOf,
  modelOf,
  type TeamData,
  type Training,
  trainingRun,
  versionOf,
} from '../build.ts'
import { forEvaluation, local, s3, table } from '../datasets.ts'

const TEAM = 'credit-risk'
const EXPERIMENT = '1'

/** Decides who is lent how much. */
export function credit(daysAgo: DaysAgo): TeamData {
  const train = (training: Omit<Training, 'experimentId' | 'user'>) =>
    trainingRun({ experimentId: EXPERIMENT, user: 'credit-pipelines', ...training })
  const applications = (version: number) => table('lending.applications', version, 412_000 + version * 900)
  const bureau = s3('bureau-scores', 's3://bank-lakehouse/external/bureau/scores.parquet', 388_214)

  const limits = [1, 2, 3, 4].map((number) =>
    train({
      ...{ of: `credit-limit ${number}`, startedAt: daysAgo(420 - number * 100), minutes: 40 },
      params: { max_depth: String(4 + number), learning_rate: '0.05' },
      metrics: { gini: 0.48 + number * 0.02, ks: 0.33 + number * 0.01 },
      datasets: [applications(number * 10), bureau],
      code: fromCommit('credit/limits', 'pipelines/limit.py', `release ${number}`),
    }),
  )
  const defaults = [1, 2, 3].map((number) =>
    train({
      ...{ of: `loan-default ${number}`, startedAt: daysAgo(250 - number * 75) },
      params: { model: 'gradient boosting', rounds: String(300 * number) },
      metrics: { auc: 0.79 + number * 0.012, brier: 0.11 - number * 0.004 },
      datasets: [applications(20 + number), bureau, forEvaluation(table('lending.outcomes', 7 + number, 58_400))],
      code: fromCommit('credit/loan-default', 'pipelines/default.py', `release ${number}`),
    }),
  )
  // Nobody can say which code this was.
  const laptop = train({
    ...{ of: 'affordability 1', startedAt: daysAgo(61), minutes: 3 },
    params: { alpha: '0.5' },
    metrics: { mae: 212.4 },
    datasets: [local('customers-export', '/home/analyst/Downloads/customers_final_v2.csv', 9_812)],
    code: { 'mlflow.source.type': 'LOCAL', 'mlflow.source.name': 'affordability.ipynb' },
  })

  const signature = {
    inputs: { income: 'double', employment_months: 'long', purpose: 'string' },
    outputs: { probability_of_default: 'double' },
  } as const
  const [limit1, limit2, limit3, limit4] = limits.map((run) =>
    versionOf(run, { signature: { inputs: signature.inputs, outputs: { limit: 'long' } } }),
  )
  const [default1, default2, default3] = defaults.map((run) => versionOf(run, { signature }))
  if (!limit1 || !limit2 || !limit3 || !limit4 || !default1 || !default2 || !default3)
    throw new Error('Runs are missing')

  return {
    experiments: [{ id: EXPERIMENT, name: 'credit', createdAt: daysAgo(500), tags: { team: TEAM } }],
    runs: [...limits, ...defaults, laptop],
    models: [
      modelOf(
        'credit-limit',
        [
          { ...limit1, stage: 'Archived', updatedAt: daysAgo(215) },
          { ...limit2, stage: 'Archived', updatedAt: daysAgo(112) },
          limit3,
          { ...limit4, updatedAt: daysAgo(9), tags: { approved_by: 'model-review', approval: 'MR-2291' } },
        ],
        {
          description: 'Highest credit limit that an applicant can carry.',
          tags: described(TEAM, 'Credit', 'Set the limit of a new card'),
          // Triton has not followed yet: it serves version 3.
          aliases: { champion: '4', previous: '3' },
        },
      ),
      modelOf('loan-default', [default1, { ...default2, tags: { approved_by: 'model-review' } }, default3], {
        description: 'Probability that a loan is not paid back within **12 months**.',
        tags: described(TEAM, 'Credit', 'Accept or decline a loan'),
        aliases: { champion: '2', challenger: '3' },
      }),
      modelOf('affordability', [versionOf(laptop)], {
        description: 'Monthly amount that a household can spare.',
        tags: described(TEAM, 'Credit', 'Check a loan against the budget of a household'),
        aliases: { champion: '1' },
      }),
      modelOf(
        'collections-priority',
        // The tracking server that had this run was switched off; only the registry was moved.
        [
          {
            createdAt: daysAgo(700),
            source: 's3://bank-models/collections/1',
            runId: idOf('a server before this one'),
          },
        ],
        {
          description: 'Order in which to call customers in arrears.',
          tags: described(TEAM, 'Credit', 'Plan the calls of a day'),
          aliases: { champion: '1' },
        },
      ),
    ],
  }
}
