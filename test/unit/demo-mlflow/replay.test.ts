import { readdirSync } from 'node:fs'
import { describe } from 'vitest'
import { type MlflowVersion, startMlflow } from '#demo/mlflow/index.ts'
import { replayAll, type Volatile } from '../demo-open-inference/recordings.ts'
import { recordedData } from './recorded-registry.ts'

const FIXTURES = new URL('../../../demo/mlflow/fixtures/', import.meta.url)

/** Recorded on a server with basic auth. */
const WITH_AUTH = ['81-auth-401-no-credentials', '82-auth-401-wrong-password']
/** Recorded behind uvicorn, which takes longer request lines than gunicorn. */
const WITH_LONG_LINES = ['24-model-versions-search-line-too-long']

const fewHeaders: Volatile = {
  why: 'only some headers were recorded',
  unrecorded: ['content-length', 'x-content-type-options'],
}
const floats: Volatile = { why: 'Python writes 0.0 where JavaScript writes 0', headers: ['content-length'] }
const auth = Object.fromEntries(WITH_AUTH.map((name) => [name, fewHeaders]))

const VOLATILE: Record<MlflowVersion, Record<string, Volatile>> = {
  '2.22.5': auth,
  '3.17.2': {
    ...auth,
    '03-server-info': { why: 'uvicorn sends it on one line', headers: ['content-length'] },
    '49-bad-host': fewHeaders,
    '50-cross-origin-post': fewHeaders,
    '51-logged-models-search': floats,
    '52-logged-models-get': floats,
    '53-logged-models-search-max': floats,
    '54-logged-models-search-in': floats,
  },
}

describe.each(['2.22.5', '3.17.2'] as const)('MLflow stand-in %s', (version) => {
  const folder = new URL(`mlflow-${version}/`, FIXTURES)
  const all = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
  const apart = version === '3.17.2' ? WITH_LONG_LINES : []
  const start = (options = {}) => startMlflow({ version, data: recordedData(version), ...options })
  replayAll(
    folder,
    [
      {
        stage: 'with the models of the recorded server',
        start,
        replays: all.filter((name) => ![...WITH_AUTH, ...apart].includes(name)),
      },
      {
        stage: 'with basic auth',
        start: () => start({ basicAuth: { username: 'admin', password: 'right-password' } }),
        replays: WITH_AUTH,
      },
      ...(apart.length === 0
        ? []
        : [{ stage: 'behind uvicorn', start: () => start({ requestLineLimit: 65_536 }), replays: apart }]),
    ],
    VOLATILE[version],
  )
})
