import type { AlertSpec, SilenceSpec } from '../alertmanager/index.ts'
import type { MlflowData, RunSpec } from '../mlflow/spec.ts'
import { counter, gauge, type Series } from '../prometheus/index.ts'
import { type DaysAgo, idOf } from './build.ts'

const TRITON = { job: 'triton', instance: 'triton-0.bank.example:8002' }

/** Requests per second of what triton serves, how many of them fail, and how long one takes in milliseconds. */
const traffic: readonly (readonly [name: string, version: string, requests: number, failed: number, took: number])[] = [
  ['card-fraud', '5', 41, 0.02, 6],
  // One in eight fails.
  ['credit-limit', '3', 4, 0.5, 19],
  ['demand-forecast', '11', 0.2, 0, 240],
  // Served, and asked by nobody.
  ['discount-cap', '1', 0, 0, 0],
  ['legacy-scorecard', '1', 2.5, 0, 31],
  ['loan-default', '2', 1.6, 0, 23],
]

/** What Prometheus has: Triton's metrics, and what teams publish of their models. MLServer is not scraped. */
export function series(daysAgo: DaysAgo): Series[] {
  const before = (days: number) => daysAgo(days) / 1_000
  return [
    gauge('up', TRITON, 1),
    gauge('nv_gpu_utilization', { ...TRITON, gpu_uuid: 'GPU-1f0a6d7c' }, 0.64),
    ...traffic.flatMap(([model, version, requests, failed, took]) => {
      const labels = { ...TRITON, model, version }
      return [
        counter('nv_inference_request_success', labels, requests - failed),
        counter('nv_inference_request_failure', { ...labels, reason: 'BACKEND' }, failed),
        counter('nv_inference_request_duration_us', labels, (requests - failed) * took * 1_000),
      ]
    }),
    gauge('model_feature_psi', { model: 'loan-default', feature: 'income' }, (at) => (at < before(3) ? 0.08 : 0.34)),
    gauge('model_feature_psi', { model: 'loan-default', feature: 'age' }, 0.04),
    gauge('model_feature_psi', { model: 'card-fraud', feature: 'amount' }, 0.11),
    gauge('model_feature_psi', { model: 'churn', feature: 'tenure' }, Number.NaN),
    // The job that measured it has not run for two days.
    gauge('model_accuracy', { model: 'demand-forecast' }, (at) => (at < before(2) ? 0.91 : null)),
    gauge('model_accuracy', { model: 'card-fraud' }, 0.97),
    gauge('prevented_fraud_eur', { model: 'card-fraud' }, 18_400),
  ]
}

/** The experiment in which a job of the retention team logs each night how complaints moved. */
const MONITORING = '9'

/**
 * What that job logged, the oldest first: how far the topics that complaint-topics finds have moved from those at its
 * training, since two nights too far.
 */
export function monitoringRuns(daysAgo: DaysAgo): Required<Pick<MlflowData, 'experiments' | 'runs'>> {
  const user = 'retention-pipelines'
  const runs = [5, 4, 3, 2, 1].map((night): RunSpec => {
    const startedAt = daysAgo(night - 0.5)
    return {
      ...{ id: idOf(`watch complaint-topics ${night}`), experimentId: MONITORING, name: 'watch complaint-topics' },
      ...{ user, startedAt, endedAt: startedAt + 240_000 },
      metrics: { 'psi/topic': night > 2 ? 0.06 : 0.27, 'complaints read': 1_210 + night },
      tags: { 'mlflow.user': user, model: 'complaint-topics' },
    }
  })
  return { experiments: [{ id: MONITORING, name: 'retention monitoring', createdAt: daysAgo(200) }], runs }
}

/** What is wrong at the company, and what its teams know of already. */
export function alerts(daysAgo: DaysAgo): { alerts: AlertSpec[]; silences: SilenceSpec[] } {
  const rule = 'https://prometheus.bank.example/graph?g0.expr='
  return {
    alerts: [
      {
        labels: { alertname: 'FeatureDrift', model: 'loan-default', feature: 'income', severity: 'warning' },
        annotations: { summary: 'The income of applicants is not what loan-default was trained on.' },
        ...{ startsAt: daysAgo(3), generatorUrl: `${rule}model_feature_psi` },
      },
      {
        labels: { alertname: 'RequestsFail', job: 'triton', model: 'credit-limit', version: '3', severity: 'critical' },
        annotations: { summary: 'More than 5 % of the requests to credit-limit fail.' },
        ...{ startsAt: daysAgo(0.1), generatorUrl: `${rule}nv_inference_request_failure` },
      },
      {
        labels: { alertname: 'ModelNotLoaded', job: 'triton', model: 'price-elasticity', severity: 'warning' },
        annotations: { summary: 'Triton could not load price-elasticity.' },
        ...{ startsAt: daysAgo(5), generatorUrl: `${rule}nv_model_load` },
      },
    ],
    silences: [
      {
        ...{ id: '0b1f7d1c-2f5e-4a36-9d5c-6a8f3f1f0c11', matchers: { model: 'price-elasticity' } },
        ...{ comment: 'A package is missing, the image is being built again.', createdBy: 'pricing' },
        ...{ startsAt: daysAgo(4), endsAt: daysAgo(-7) },
      },
    ],
  }
}

/** How the platform team configures all three. */
export function monitoringSources(urls: { prometheus: string; alertmanager: string; mlflow: string }): object[] {
  const signal = { registry: 'mlflow', unit: '1' }
  return [
    {
      ...{ id: 'prometheus', kind: 'prometheus', title: 'Prometheus', url: urls.prometheus },
      watches: [{ source: 'triton', selector: { job: 'triton' }, preset: 'triton' }],
      signals: [
        {
          ...{ ...signal, name: 'population stability index', kind: 'data', worse: 'higher', threshold: 0.2 },
          query: 'max by (model, feature) (model_feature_psi)',
        },
        {
          ...{ ...signal, name: 'accuracy', kind: 'quality', worse: 'lower', threshold: 0.85 },
          query: 'max by (model) (model_accuracy)',
        },
        {
          ...{ ...signal, name: 'prevented fraud', kind: 'business', worse: 'lower', unit: 'EUR per hour' },
          query: 'max by (model) (prevented_fraud_eur)',
        },
      ],
    },
    {
      ...{ id: 'alertmanager', kind: 'alertmanager', title: 'Alertmanager', url: urls.alertmanager },
      ...{ registry: 'mlflow', watches: [{ source: 'triton', selector: { job: 'triton' } }] },
    },
    {
      ...{ id: 'retention-jobs', kind: 'mlflow-metrics', title: 'Monitoring jobs of retention', url: urls.mlflow },
      registry: 'mlflow',
      signals: [
        {
          ...{ name: 'stability of topics', kind: 'prediction', experiment: 'retention monitoring', metric: 'psi/*' },
          ...{ worse: 'higher', threshold: 0.2, unit: '1' },
        },
      ],
    },
  ]
}
