import { describe, expect, inject, it } from 'vitest'
import { seededModel } from '../seed/mlflow.ts'
import { servedByMlserver, servedByTriton } from './served.ts'
import { startRealMlserver } from './servers/mlserver.ts'
import { ask, type IndexEntry, readIndex } from './servers/served-model.ts'

/** What the other live tests stand on: these fail when the set-up is not what it says. */

const { seeded: seeded2, ...mlflow2 } = inject('mlflow2')
const { seeded: seeded3, ...mlflow3 } = inject('mlflow3')
const mlserver = inject('mlserver')
const triton = inject('triton')

/** An error that MLflow did not foresee, such as a missing package. */
const broken = { status: 500, type: 'text/html; charset=utf-8' }

const get = (url: string) => ask(url, { timeoutMs: 10_000 })
const read = async (url: string): Promise<unknown> => (await get(url)).json()

describe.each([
  ['2.22.5', mlflow2, seeded2],
  ['3.17.2', mlflow3, seeded3],
])('MLflow %s', (version, { url }, seeded) => {
  const file = async (name: string, modelVersion: string) => {
    const query = new URLSearchParams({ name, version: modelVersion, path: 'MLmodel' })
    const response = await get(`${url}/model-versions/get-artifact?${query}`)
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }

  it('is the version it is called', async () => {
    expect(await (await get(`${url}/version`)).text()).toBe(version)
  })

  it('lists every seeded model and nothing else, the prompt kept apart', async () => {
    const models = `${url}/api/2.0/mlflow/registered-models`
    const page = (await read(`${models}/search?max_results=1000`)) as { registered_models: { name: string }[] }
    const names = page.registered_models.map(({ name }) => name)
    expect(names.toSorted()).toEqual(seeded.models.map(({ name }) => name).toSorted())
    expect((await get(`${models}/get?name=${seeded.prompt.name}`)).status).toBe(200)
  })

  it('answers the seeded run with its tags and parameters', async () => {
    const { runId, tags, params } = seeded.runs.training
    const { run } = (await read(`${url}/api/2.0/mlflow/runs/get?run_id=${runId}`)) as { run: { data: RunData } }
    expect(asMap(run.data.tags)).toEqual(tags)
    expect(asMap(run.data.params)).toEqual(params)
  })

  it('hands out the MLmodel file of each version that has one', async () => {
    const names = seeded.mlmodels.map(({ name }) => name)
    expect(names).toEqual(version === '2.22.5' ? ['churn-scorer'] : ['churn-scorer', 'churn-logged'])
    for (const { name, version: modelVersion, text } of seeded.mlmodels) {
      expect(await file(name, modelVersion)).toEqual({ status: 200, type: 'text/plain', text })
    }
  })

  it('says that a file is missing, unless it is MLflow 2, which breaks', async () => {
    const missing = { status: 404, type: 'application/json' }
    expect(await file('churn-scorer', '1')).toMatchObject(version === '2.22.5' ? broken : missing)
  })

  it('breaks over a source that it cannot read without the settings or packages of a client', async () => {
    expect(seededModel(seeded, 'churn-scorer').versions[1]?.source).toMatch(/^runs:/)
    expect(await file('churn-scorer', '2')).toMatchObject({ status: 500, type: 'application/json' })
    expect(seededModel(seeded, 'credit-limit').versions[2]?.source).toMatch(/^s3:/)
    expect(await file('credit-limit', '3')).toMatchObject(broken)
  })
})

it('MLflow 2 keeps what a run logged in a tag, MLflow 3 in logged models', () => {
  expect(seeded2.runs.training.tags).toHaveProperty(['mlflow.log-model.history'])
  expect(seeded2.loggedModel).toBeNull()
  expect(seeded3.runs.training.tags).not.toHaveProperty(['mlflow.log-model.history'])
  expect(seeded3.loggedModel?.sourceRunId).toBe(seeded3.runs.training.runId)
})

describe('MLServer', () => {
  const { url } = mlserver

  it('is the version it is called', async () => {
    expect(await read(`${url}/v2`)).toMatchObject({ name: 'mlserver', version: '1.7.1' })
  })

  it('serves what is described, in the states described', async () => {
    const words = { ready: 'READY', loading: 'UNKNOWN' } as const
    const described = servedByMlserver(seeded3).map(({ name, version, state = 'ready' }) => ({
      ...{ name, ...(version === undefined ? {} : { version }) },
      ...{ state: state in words ? words[state as keyof typeof words] : 'UNAVAILABLE', reason: '' },
    }))
    expect(sorted(await readIndex(url))).toEqual(sorted(described))
  })

  it('tells the run that made the champion', async () => {
    const champion = seededModel(seeded3, 'churn-scorer').versions[2]
    const described = await read(`${url}/v2/models/churn-scorer/versions/${champion?.version}`)
    expect(described).toMatchObject({ platform: 'sklearn', parameters: { mlflow_run_id: champion?.runId } })
  })

  it('leaks a path when a load fails', async () => {
    const load = `${url}/v2/repository/models/price-forecaster/load`
    const response = await ask(load, { method: 'POST', timeoutMs: 10_000 })
    expect(response.status).toBe(422)
    expect(await response.text()).toMatch(/\/.+\/model\.joblib/)
  })

  it('started by a test, finishes a slow load when told to', async () => {
    const own = await startRealMlserver({ models: [{ name: 'slow', state: 'loading' }] })
    try {
      expect(await readIndex(own.url)).toMatchObject([{ name: 'slow', state: 'UNKNOWN' }])
      await own.finishLoading('slow')
      expect(await readIndex(own.url)).toMatchObject([{ name: 'slow', state: 'READY' }])
    } finally {
      await own.stop()
    }
  })
})

describe('Triton', () => {
  const { url } = triton

  it('is the version it is called', async () => {
    expect(await read(`${url}/v2`)).toMatchObject({ name: 'triton', version: '2.51.0' })
  })

  it('serves what is described, in the states described', async () => {
    const described = servedByTriton(seeded2).flatMap(({ name, versions, loads = 'all', state = 'ready' }) => {
      if (state === 'never-loaded') return [{ name }]
      const loaded = loads === 'all' ? versions : [Math.max(...versions)]
      return loaded.map((version) => ({ name, version: String(version), state: tritonWords[state] }))
    })
    const listed = (await readIndex(url)).map(({ reason, ...entry }) => entry)
    expect(sorted(listed)).toEqual(sorted(described))
  })

  it('gives an unloaded model that reason, and a failed one a traceback with a path', async () => {
    const reasons = Object.fromEntries((await readIndex(url)).map(({ name, reason }) => [name, reason]))
    expect(reasons['credit-limit']).toBe('unloaded')
    expect(reasons['price-forecaster']).toMatch(/RuntimeError: weights missing: \/.+\/weights\.bin/)
  })

  it('tells what is declared in the configuration of a model', async () => {
    const config = await read(`${url}/v2/models/Ledger/config`)
    expect(config).toMatchObject({
      parameters: {
        mlflow_run_id: { string_value: seeded2.runs.training.runId },
        mlflow_model_version: { string_value: '1' },
      },
    })
  })
})

const tritonWords = { ready: 'READY', loading: 'LOADING', failed: 'UNAVAILABLE', unloaded: 'UNAVAILABLE' }

type Pair = { key: string; value: string }
type RunData = { tags: Pair[]; params: Pair[] }

const asMap = (pairs: Pair[]) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]))

/** Both servers list in no particular order. */
const sorted = (entries: IndexEntry[]) =>
  entries.toSorted((a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`))
