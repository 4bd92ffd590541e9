import { describe } from 'vitest'
import { type OpenInferenceStandIn, type ServedModelSpec, startOpenInference } from '#demo/open-inference/index.ts'
import { ask, replayAll, type Volatile } from './recordings.ts'

const FIXTURES = new URL('../../../demo/open-inference/fixtures/', import.meta.url)

const READY: ServedModelSpec[] = [
  { name: 'team a/iris.clf:é', version: '2024.10-rc/1' },
  { name: 'noversion' },
  { name: 'iris', version: '1' },
  {
    name: 'iris',
    version: '2',
    platform: 'mlflow/iris@2',
    inputs: [
      {
        name: 'predict',
        datatype: 'FP32',
        shape: [-1, 4],
        parameters: { content_type: 'np', mlflow_run_id: 'b'.repeat(32) },
      },
    ],
    outputs: [{ name: 'predict', datatype: 'INT64', shape: [-1, 1] }],
    answer: [{ name: 'predict', shape: [1, 1], datatype: 'INT64', parameters: { content_type: 'np' }, data: [0] }],
  },
  { name: 'churn.model-v1.2', version: 'v1.2.3+meta' },
]

const WITH_BROKEN: ServedModelSpec[] = [
  {
    name: 'broken',
    version: '1',
    state: 'never-loaded',
    loadFailure: 'Invalid URI specified for model broken (/srv/mls/models/broken/model.joblib)',
  },
  { name: 'badimpl', state: 'never-loaded', loadFailure: 'Traceback (most recent call last):\n…' },
  { name: 'slow', version: '1', state: 'never-loaded' },
  ...READY,
]

const PAIRS: ServedModelSpec[] = [
  { name: 'iris', version: '2' },
  { name: 'iris', version: '1' },
  { name: 'space é', version: '1' },
  { name: 'noversion', versions: ['1', '2'] },
  { name: 'boom', version: '1' },
  { name: 'rev', version: '1' },
  { name: 'pair', version: '9' },
  {
    name: 'rev',
    version: '2',
    state: 'never-loaded',
    loadFailure: 'Invalid URI specified for model broken (/srv/x/model.joblib)',
  },
  { name: 'pair', version: '10' },
]

const mlserver = (models: ServedModelSpec[]) => startOpenInference({ dialect: 'mlserver', models })

const post = (server: OpenInferenceStandIn, action: string) =>
  ask(server.url, { method: 'POST', path: `/v2/repository/models/${action}`, body: null })

const VOLATILE: Record<string, Volatile> = {
  '13-infer-ok': { why: 'the id is a new one each time', headers: ['ce-id', 'ce-requestid'], normalise: withoutId },
  '17-load-broken': { why: 'the path was shortened when recorded', headers: ['content-length'] },
  '31-server-metadata-trailing-slash-307': { why: 'the port is in it', headers: ['location'] },
}

describe('MLServer stand-in', () => {
  replayAll(
    new URL('mlserver-1.7.1/', FIXTURES),
    [
      {
        stage: 'all models ready',
        start: () => mlserver(READY),
        replays: [
          '01-health-live',
          '02-health-ready',
          '03-server-metadata',
          '04-repository-index',
          '05-repository-index-get-wrong-method',
          '06-model-metadata-unversioned',
          '07-model-metadata-version-1',
          '08-metadata-unknown-model-404',
          '09-metadata-unknown-version-404',
          '10-ready-unknown-model-404',
          '11-model-ready',
          '12-name-with-slash-encoded',
          '13-infer-ok',
          '15-infer-schema-422',
          '16-infer-get-wrong-method-405',
          '18-load-unknown-404',
        ],
      },
      {
        stage: 'two never loaded, one loading',
        start: async () => {
          const server = await mlserver(WITH_BROKEN)
          server.setState('slow', '1', 'loading')
          return server
        },
        replays: [
          '17-load-broken',
          '19-model-ready-while-loading',
          '20-health-ready-while-a-model-loads',
          '21-index-while-loading',
          '22-infer-while-loading',
          '23-unload',
        ],
      },
      {
        stage: 'after a failed load and an unload',
        start: async () => {
          const server = await mlserver(WITH_BROKEN)
          server.setState('slow', '1', 'loading')
          await post(server, 'broken/load')
          await post(server, 'slow/unload')
          return server
        },
        replays: ['24-index-after-unload-and-failed-load', '25-index-ready-true'],
      },
      {
        stage: 'names with several versions, all ready',
        start: () => mlserver(PAIRS.map(({ state: _, loadFailure: __, ...model }) => model)),
        replays: [
          '31-server-metadata-trailing-slash-307',
          '32-index-without-body-422',
          '33-index-null-body-422',
          '34-index-not-an-object-422',
          '35-index-ready-not-boolean-422',
          '36-index-as-text-422',
          '37-name-with-space-and-accent',
          '38-name-with-percent-404',
          '39-encoded-slash-reaches-another-route',
          '40-metadata-configured-versions',
          '41-versionless-asked-by-version-404',
          '42-health-live-head-405',
          '43-config-404',
          '44-unload-unknown-404',
          '45-load-name-with-slash-404',
          '51-unload-all-versions',
        ],
      },
      {
        stage: 'one of two versions loading',
        start: async () => {
          const server = await mlserver(PAIRS)
          server.setState('pair', '10', 'loading')
          return server
        },
        replays: [
          '46-index-one-of-two-versions-loading',
          '47-ready-of-the-version-beside-a-loading-one',
          '48-ready-of-the-loading-version-400',
          '49-metadata-while-loading',
          '50-infer-version-while-loading-400',
          '57-load-one-of-two-versions-broken-422',
        ],
      },
      {
        stage: 'after both versions of a name were unloaded and one of two of another failed',
        start: async () => {
          const server = await mlserver(PAIRS)
          await post(server, 'iris/unload')
          await post(server, 'rev/load')
          return server
        },
        replays: [
          '52-metadata-after-unload-404',
          '53-ready-version-after-unload-404',
          '54-index-after-unload-of-two-versions',
          '55-unload-again-404',
          '56-health-ready-after-unload',
          '58-index-one-of-two-versions-failed',
          '59-ready-of-the-failed-version-404',
          '60-ready-of-the-other-version',
          '61-health-ready-after-failed-load',
        ],
      },
    ],
    VOLATILE,
  )
})

describe('MLServer stand-in with the MLflow runtime', () => {
  const inputs = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'].map((name) => {
    return { name, datatype: 'FP64', shape: [-1, 1], parameters: { content_type: 'np' } }
  })
  const outputs = [{ name: 'output-0', datatype: 'INT64', shape: [-1], parameters: { content_type: 'np' } }]
  const models: ServedModelSpec[] = [
    {
      name: 'iris',
      version: '1',
      platform: 'mlflow',
      inputs,
      outputs,
      parameters: { content_type: 'pd' },
      answer: [{ name: 'output-1', shape: [1, 1], datatype: 'INT64', parameters: { content_type: 'np' }, data: [0] }],
    },
    { name: 'iris-file', version: '1' },
    {
      name: 'iris-linked',
      version: '2',
      inputs,
      outputs,
      parameters: {
        content_type: 'pd',
        mlflow_run_id: 'f5ff3c0147654cbcba9114a63926adc7',
        mlflow_model_id: 'm-2c31a4a2bb8d44458aa598799111a4c7',
        mlflow_model_uri: 'models:/iris@champion',
      },
    },
  ]
  replayAll(
    new URL('mlserver-mlflow-1.7.1/', FIXTURES),
    [
      {
        stage: 'all models ready',
        start: () =>
          startOpenInference({ dialect: 'mlserver', models, mlflow: { version: '3.17.2', predictions: [2] } }),
        replays: [
          '01-repository-index',
          '02-metadata-mlflow-runtime',
          '03-metadata-custom-runtime-with-run-id',
          '04-mlflow-ping',
          '05-mlflow-health',
          '06-mlflow-version',
          '07-mlflow-invocations',
          '08-infer-named-columns',
          '10-invocations-ok',
        ],
      },
    ],
    {
      '08-infer-named-columns': {
        why: 'the id is a new one each time',
        headers: ['ce-id', 'ce-requestid'],
        normalise: withoutId,
      },
    },
  )
})

function withoutId(body: unknown): unknown {
  return { ...(body as object), id: 'new each time' }
}
