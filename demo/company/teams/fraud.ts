import type { LoggedModelSpec } from '../../mlflow/spec.ts'
import {
  type DaysAgo,
  described,
  fromCommit,
  GITEA,
  idOf,
  modelOf,
  runTag,
  type TeamData,
  type Training,
  trainingRun,
  versionOf,
} from '../build.ts'
import { forEvaluation, s3, table } from '../datasets.ts'
import { numberOf } from '../forges.ts'

const TEAM = 'fraud-defence'
const EXPERIMENT = '4'

/** Stops payments that are not the customer's. Works with MLflow 3's logged models. */
export function fraud(daysAgo: DaysAgo): TeamData {
  const train = (training: Omit<Training, 'experimentId' | 'user'>) =>
    trainingRun({ experimentId: EXPERIMENT, user: 'fraud-pipelines', ...training })
  const payments = (part: number) => s3('card-payments', `s3://bank-payments/cards/sample-${part}/`, 18_002_551)

  const cards = [1, 2, 3, 4, 5].map((number) => {
    const run = train({
      ...{ of: `card-fraud ${number}`, startedAt: daysAgo(170 - number * 30), minutes: 210 },
      params: { trees: String(400 + number * 100), undersampling: '0.02' },
      metrics: { 'precision at 1 %': 0.61 + number * 0.02, auc: 0.951 + number * 0.004 },
      datasets: [payments(number), forEvaluation(table('fraud.confirmed', 50 + number, 31_870))],
      code: {
        ...fromCommit('fraud/cards', 'cards/train.py', `release ${number}`),
        [runTag]: `https://${GITEA}/fraud/cards/actions/runs/${numberOf(`card-fraud ${number}`)}`,
      },
    })
    return { ...run, modelOutputs: [loggedModelId(number)] }
  })
  const loggedModels = cards.map(({ id, endedAt, metrics }, index): LoggedModelSpec => {
    const number = index + 1
    const values = Object.entries(metrics ?? {}).map(([key, value]) => ({ key, value, loggedAt: endedAt, runId: id }))
    return {
      ...{ id: loggedModelId(number), experimentId: EXPERIMENT, name: 'card-fraud', type: 'classifier' },
      ...{ sourceRunId: id, createdAt: endedAt, metrics: values },
      tags: { 'mlflow.modelVersions': `[{"name": "card-fraud", "version": ${number}}]` },
    }
  })
  const takeover = train({
    ...{ of: 'account-takeover 1', startedAt: daysAgo(45) },
    params: { window_hours: '48' },
    metrics: { auc: 0.972 },
    datasets: [s3('login-events', 's3://bank-events/logins/', 5_510_902)],
    code: fromCommit('fraud/takeover', 'takeover/train.py', 'release 1'),
  })
  // The attempt at a second version that broke off.
  const failed = train({
    ...{ of: 'account-takeover 2', startedAt: daysAgo(4), minutes: 6, status: 'FAILED' },
    params: { window_hours: '12' },
    code: fromCommit('fraud/takeover', 'takeover/train.py', 'release 2'),
  })
  const devices = train({
    ...{ of: 'device-fingerprint 1', startedAt: daysAgo(15) },
    metrics: { auc: 0.88 },
    datasets: [s3('login-events', 's3://bank-events/logins/', 5_510_902)],
    code: fromCommit('fraud/devices', 'devices/train.py', 'prototype'),
  })

  const signature = {
    inputs: { amount: 'double', merchant: 'string', hour: 'long', abroad: 'boolean' },
    outputs: { probability_of_fraud: 'double' },
  } as const

  return {
    experiments: [{ id: EXPERIMENT, name: 'fraud', createdAt: daysAgo(400), tags: { team: TEAM } }],
    runs: [...cards, takeover, failed, devices],
    loggedModels,
    models: [
      modelOf(
        'card-fraud',
        cards.map((run, index) => {
          const id = loggedModelId(index + 1)
          const storageLocation = `mlflow-artifacts:/${EXPERIMENT}/models/${id}/artifacts`
          return versionOf(run, { source: `models:/${id}`, storageLocation, signature })
        }),
        {
          description: 'Probability that a card payment is fraud, within 30 ms.',
          tags: described(TEAM, 'Fraud', 'Hold a payment back'),
          aliases: { champion: '5', previous: '4' },
        },
      ),
      modelOf('account-takeover', [versionOf(takeover)], {
        description: 'Whether somebody else has logged in.',
        tags: described(TEAM, 'Fraud', 'Ask for a second factor'),
        aliases: { champion: '1' },
      }),
      modelOf('device-fingerprint', [versionOf(devices)], { tags: { team: TEAM, domain: 'Fraud' } }),
    ],
  }
}

function loggedModelId(number: number): string {
  return `m-${idOf(`card-fraud model ${number}`)}`
}
