import { describe, expect, it } from 'vitest'
import { modelRecords, runRecord } from '#services/models/mlflow/records.ts'
import { pages } from '#services/models/mlflow/wire.ts'

const base = 'https://mlflow.example/x'
const models = (...rows: object[]) => pages.registeredModels.parse({ registered_models: rows }).registered_models
const versions = (...rows: object[]) => pages.modelVersions.parse({ model_versions: rows }).model_versions
const [run] = pages.runs.parse({
  runs: [
    {
      info: { run_id: 'r', experiment_id: '1', status: 'SOMETHING_NEW', start_time: 0, lifecycle_stage: 'active' },
      data: {
        metrics: [
          { key: 'psi', value: 'NaN' },
          { key: 'top', value: 'Infinity' },
        ],
      },
      inputs: { dataset_inputs: [{ dataset: { name: 'd', source: 'no JSON', schema: '{"mlflow_tensorspec": {}}' } }] },
    },
  ],
}).runs

describe("MLflow's records", () => {
  it('read what is left out and what is empty alike: as not told', () => {
    const [model] = modelRecords(
      models({ name: 'm' }),
      versions({ name: 'm', version: '1', description: '', run_id: '', source: '', current_stage: 'None' }),
      base,
    )
    expect(model).toMatchObject({ description: null, tags: [], aliases: [], createdAt: null })
    expect(model?.versions).toMatchObject([
      { description: null, runId: null, artifactUri: null, stage: null, status: 'UNKNOWN' },
    ])
  })

  it('keep one of each when rows moved between pages', () => {
    const read = modelRecords(
      models({ name: 'm' }, { name: 'm' }),
      versions({ name: 'm', version: '1' }, { name: 'm', version: '1' }),
      base,
    )
    expect(read.map(({ versions: own }) => own.length)).toEqual([1])
  })

  it('leave out prompts, and versions of models that are not shown to us', () => {
    const prompt = { name: 'p', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] }
    const read = modelRecords(
      models(prompt, { name: 'm' }),
      versions({ name: 'p', version: '1' }, { name: 'hidden', version: '1' }),
      base,
    )
    expect(read.map(({ name, versions: own }) => [name, own.length])).toEqual([['m', 0]])
  })

  it('find the logged model in the source, where searches do not name it', () => {
    const source = `models:/m-${'0'.repeat(32)}`
    const [model] = modelRecords(models({ name: 'm' }), versions({ name: 'm', version: '1', source }), base)
    expect(model?.versions[0]?.loggedModelId).toBe(`m-${'0'.repeat(32)}`)
  })

  it('link to pages by encoded names', () => {
    const [model] = modelRecords(models({ name: 'a/b ?' }), versions({ name: 'a/b ?', version: '1' }), base)
    expect(model?.versions[0]?.webUrl).toBe('https://mlflow.example/x/#/models/a%2Fb%20%3F/versions/1')
  })

  it('take a run apart that says little, in words of a newer MLflow', () => {
    if (!run) throw new Error('the run did not parse')
    expect(runRecord(run, new Map(), base)).toMatchObject({
      ...{ name: null, status: 'UNKNOWN', startedAt: null, user: null, deleted: false },
      experiment: { experimentId: '1', name: null, deleted: null },
      metrics: [
        { name: 'psi', value: Number.NaN },
        { name: 'top', value: Number.POSITIVE_INFINITY },
      ],
      inputs: [{ name: 'd', location: null, columns: null, context: null, digest: null }],
    })
  })
})
