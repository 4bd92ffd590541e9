import { describe } from 'vitest'
import { type OpenInferenceStandIn, type ServedModelSpec, startOpenInference } from '#demo/open-inference/index.ts'
import { ask, replayAll, type Volatile } from './recordings.ts'

const FIXTURES = new URL('../../../demo/open-inference/fixtures/triton-2.51.0/', import.meta.url)

const TENSORS = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
}

const IRIS: ServedModelSpec = {
  name: 'iris',
  version: '1',
  ...TENSORS,
  maxBatchSize: 8,
  configParameters: {
    mlflow_run_id: '5438c36deb744e1da47650aa680112c9',
    mlflow_model: 'iris',
    mlflow_version: '2',
  },
  answer: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [4] }],
}

const traceback = (name: string, version: string, line: number) =>
  `Internal: RuntimeError: weights missing\n\nAt:\n  /srv/triton/repo/${name}/${version}/model.py(${line}): initialize\n`

const BROKEN: ServedModelSpec = {
  name: 'broken',
  version: '1',
  state: 'never-loaded',
  loadFailure: traceback('broken', '1', 5),
}

/** Not in the order of Triton's index, which sorts. */
const MODELS: ServedModelSpec[] = [
  { name: 'slow', version: '1', state: 'never-loaded' },
  { name: 'é', version: '1', state: 'never-loaded' },
  { name: 'latestonly', version: '10' },
  { ...IRIS, version: '2' },
  IRIS,
  { name: 'dots.and-dash v1', version: '1', state: 'never-loaded' },
  BROKEN,
]

const PAIRS: ServedModelSpec[] = [
  BROKEN,
  { name: 'dots.and v1', version: '1', state: 'never-loaded' },
  IRIS,
  { ...IRIS, version: '2' },
  { name: 'latestonly', version: '10' },
  { name: 'multi', version: '1', state: 'never-loaded' },
  { name: 'multi', version: '2', state: 'never-loaded', loadFailure: traceback('multi', '2', 6) },
  { name: 'slow', version: '1', state: 'never-loaded' },
  { name: 'é', version: '1', state: 'never-loaded' },
]

const triton = (models: ServedModelSpec[]) => startOpenInference({ dialect: 'triton', models })

const post = (server: OpenInferenceStandIn, action: string) =>
  ask(server.url, { method: 'POST', path: `/v2/repository/models/${action}`, body: {} })

async function withLoadingAfter(models: ServedModelSpec[], ...actions: string[]): Promise<OpenInferenceStandIn> {
  const server = await triton(models)
  for (const action of actions) await post(server, action)
  server.setState('slow', '1', 'loading')
  return server
}

const shortened: Volatile = { why: 'the path was shortened when recorded', headers: ['content-length'] }

const VOLATILE: Record<string, Volatile> = {
  '12-load-broken': shortened,
  '13-index-after-failed-load': shortened,
  '15-index-while-loading': shortened,
  '19-index-after-unload': shortened,
  '20-infer-ok': { why: 'Triton writes 4.0 where JavaScript writes 4', headers: ['content-length'] },
  '27-restricted-api-with-header': shortened,
}

describe('Triton stand-in', () => {
  replayAll(
    FIXTURES,
    [
      {
        stage: 'ready beside never loaded',
        start: () => triton(MODELS),
        replays: [
          '01-health-live',
          '02-health-ready',
          '03-server-metadata',
          '04-repository-index',
          '05-repository-index-ready-true',
          '06-model-metadata',
          '07-model-config-with-parameters',
          '08-metadata-unknown-model',
          '09-metadata-unknown-version',
          '10-metadata-bad-version',
          '11-ready-unknown-model',
          '12-load-broken',
          '14-load-unknown',
          '20-infer-ok',
          '23-infer-get-wrong-method',
        ],
      },
      {
        stage: 'after a failed load',
        start: async () => {
          const server = await triton(MODELS)
          await post(server, 'broken/load')
          return server
        },
        replays: ['13-index-after-failed-load'],
      },
      {
        stage: 'one failed, one loading',
        start: () => withLoadingAfter(MODELS, 'broken/load'),
        replays: ['15-index-while-loading', '16-health-ready-while-loading', '17-ready-while-loading', '18-unload'],
      },
      {
        stage: 'one failed, one unloaded while loading',
        start: async () => {
          const server = await withLoadingAfter(MODELS, 'broken/load')
          await post(server, 'slow/unload')
          return server
        },
        replays: ['19-index-after-unload'],
      },
      {
        stage: 'repository API restricted, models not under explicit control',
        start: () =>
          startOpenInference({
            dialect: 'triton',
            models: [
              { ...BROKEN, state: 'failed' },
              IRIS,
              { ...IRIS, version: '2' },
              { name: 'latestonly', version: '10' },
            ],
            restricted: { header: 'admin-key', value: 's3cret' },
            controlMode: 'none',
          }),
        replays: ['26-restricted-api-without-header', '27-restricted-api-with-header', '28-load-refused-in-mode-none'],
      },
      {
        stage: 'several versions, ready beside never loaded',
        start: () => triton(PAIRS),
        replays: [
          '31-server-metadata-trailing-slash-404',
          '32-index-bad-json-500',
          '33-index-ready-not-boolean-500',
          '34-index-get-405',
          '35-index-without-body',
          '36-name-with-percent-escape-404',
          '37-metadata-version-1',
          '38-metadata-never-loaded-404',
          '39-config-never-loaded-404',
          '40-version-beyond-int64-400',
          '41-model-ready',
          '42-version-ready-unknown-400',
          '43-health-ready-head-405',
          '44-unload-unknown-200',
        ],
      },
      {
        stage: 'one loading',
        start: () => withLoadingAfter(PAIRS),
        replays: [
          '45-metadata-while-loading-404',
          '46-metadata-version-while-loading-503',
          '47-infer-while-loading-404',
        ],
      },
      {
        stage: 'one unloading',
        start: async () => {
          const server = await triton(PAIRS)
          server.setState('slow', '1', 'unloading')
          return server
        },
        replays: ['49-index-while-unloading', '50-health-ready-while-unloading-400'],
      },
      {
        stage: 'after an unload',
        start: async () => {
          const server = await triton(PAIRS)
          await post(server, 'slow/load')
          await post(server, 'slow/unload')
          return server
        },
        replays: [
          '48-unload-slow',
          '51-health-ready-after-unload',
          '52-metadata-after-unload-404',
          '53-load-one-of-two-versions-broken-400',
        ],
      },
      {
        stage: 'after one of two versions failed to load',
        start: async () => {
          const server = await triton(PAIRS)
          for (const action of ['slow/load', 'slow/unload', 'multi/load']) await post(server, action)
          return server
        },
        replays: [
          '54-index-after-one-of-two-versions-broke',
          '55-health-ready-after-failed-load-400',
          '56-metadata-failed-version-503',
          '57-config-failed-404',
          '58-unload-failed',
        ],
      },
      {
        stage: 'after the failed one was unloaded',
        start: async () => {
          const server = await triton(PAIRS)
          for (const action of ['slow/load', 'slow/unload', 'multi/load', 'multi/unload']) await post(server, action)
          return server
        },
        replays: ['59-index-after-unload-of-failed', '60-health-ready-after-unload-of-failed-400'],
      },
      {
        stage: 'nearly every API restricted',
        start: () =>
          startOpenInference({
            dialect: 'triton',
            models: PAIRS,
            restricted: {
              header: 'admin-key',
              value: 's3cret',
              apis: ['model-repository', 'health', 'metadata', 'model-config'],
            },
          }),
        replays: [
          '61-restricted-health-403',
          '62-restricted-model-ready-403',
          '63-restricted-metadata-403',
          '64-restricted-config-403',
          '65-restricted-index-get-403',
          '66-restricted-unknown-path-404',
          '67-restricted-wrong-value-403',
        ],
      },
    ],
    VOLATILE,
  )
})
