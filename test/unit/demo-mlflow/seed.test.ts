import { describe, expect, it } from 'vitest'
import { seedManyModels } from '../../seed/many-models.ts'
import { seedMlflow } from '../../seed/mlflow.ts'
import type { SeededModel, SeededRun } from '../../seed/mlflow-types.ts'
import { type Client, read, withMlflow } from './client.ts'

const map = (pairs: readonly { key: string; value: unknown }[] = []) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]))

describe.each(['2.22.5', '3.17.2'] as const)('MLflow stand-in %s, seeded over its REST API', (version) => {
  it('is the version that the seed finds', () =>
    withMlflow({ version }, async ({ server }) => {
      expect((await seedMlflow(server.url)).version).toBe(version)
    }))

  it('lists every model with description, tags and aliases, page by page, and no prompt', () =>
    withMlflow({ version }, async (client) => {
      const seeded = await seedMlflow(client.server.url)
      const models = await readPages(client)
      expect(models.map(({ name }) => name)).toEqual(inOrder(seeded.models.map(({ name }) => name)))
      for (const model of seeded.models) {
        const found = models.find(({ name }) => name === model.name)
        const aliases = found.aliases?.map((of: { alias: string; version: string }) => [of.alias, of.version])
        expect({
          description: found.description ?? null,
          tags: map(found.tags),
          aliases: Object.fromEntries(aliases ?? []),
        }).toEqual({ description: model.description, tags: model.tags, aliases: model.aliases })
      }
    }))

  it('lists every version as it was registered', () =>
    withMlflow({ version }, async (client) => {
      const seeded = await seedMlflow(client.server.url)
      const { model_versions } = (await client.get('model-versions/search')).body
      const wanted = seeded.models.flatMap((model) => model.versions.map((of) => seenVersion(model, of)))
      expect(model_versions).toHaveLength(wanted.length)
      const found = model_versions.map((of: WireVersion) => ({
        ...{ name: of.name, version: of.version, source: of.source, runId: of.run_id, stage: of.current_stage },
        ...{ description: of.description, tags: map(of.tags) },
      }))
      expect(found).toEqual(expect.arrayContaining(wanted))
    }))

  it('gives every run back, the deleted among them, by a list of ids', () =>
    withMlflow({ version }, async (client) => {
      const { runs, experiments, loggedModel } = await seedMlflow(client.server.url)
      const seeded = Object.values(runs)
      const { body } = await client.send('POST', 'runs/search', {
        experiment_ids: [experiments.training.experimentId, experiments.deleted.experimentId],
        ...{ run_view_type: 'ALL', filter: `attributes.run_id IN (${seeded.map(({ runId }) => `'${runId}'`)})` },
      })
      expect(body.runs).toHaveLength(seeded.length)
      for (const run of seeded) {
        const found = body.runs.find((of: { info: { run_id: string } }) => of.info.run_id === run.runId)
        // A run also has the metrics of the logged model that it made.
        const more = run === runs.training ? map(loggedModel?.metrics) : {}
        expect(seenRun(found)).toEqual(
          wantedRun({ ...run, metrics: { ...run.metrics, ...(more as typeof run.metrics) } }),
        )
      }
    }))

  it('serves the MLmodel files that were uploaded to it', () =>
    withMlflow({ version }, async ({ server }) => {
      const { mlmodels } = await seedMlflow(server.url)
      expect(mlmodels.length).toBeGreaterThan(0)
      for (const { name, version, text } of mlmodels) {
        const query = new URLSearchParams({ name, version, path: 'MLmodel' })
        const answer = await read(fetch(`${server.url}/model-versions/get-artifact?${query}`))
        expect(answer).toEqual({ status: 200, type: 'text/plain', body: text })
      }
    }))

  it('keeps the calls it got', () =>
    withMlflow({ version }, async ({ server }) => {
      await seedManyModels(server.url, 3)
      const creations = server.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/create'))
      expect(creations).toHaveLength(1 + 3 * 3)
    }))
})

describe('MLflow stand-in 3.17.2, seeded over its REST API', () => {
  it('has the logged model, with its metrics and the version made from it', () =>
    withMlflow({ version: '3.17.2' }, async (client) => {
      const { loggedModel } = await seedMlflow(client.server.url)
      if (!loggedModel) throw new Error('Nothing was logged')
      const { info, data } = (await client.get(`logged-models/${loggedModel.modelId}`)).body.model
      expect(info).toMatchObject({ status: 'LOGGED_MODEL_READY', source_run_id: loggedModel.sourceRunId })
      expect(map(info.tags)).toMatchObject({ 'mlflow.modelVersions': '[{"name": "churn-logged", "version": 1}]' })
      expect(map(data.params)).toEqual(loggedModel.params)
      expect(map(data.metrics)).toEqual(map(loggedModel.metrics))
      const { run } = (await client.get('runs/get', { run_id: loggedModel.sourceRunId })).body
      expect(run.outputs).toEqual({ model_outputs: [{ model_id: loggedModel.modelId, step: 0 }] })
    }))

  it('cannot be seeded with names that only MLflow 2 accepts', () =>
    withMlflow({ version: '3.17.2' }, async ({ server }) => {
      await expect(seedMlflow(server.url, { mlflow2Names: true })).rejects.toThrow('answered 400')
    }))
})

interface WireVersion {
  name: string
  version: string
  source: string
  run_id: string
  current_stage: string
  description: string
  tags?: { key: string; value: string }[]
}

async function readPages({ get }: Client) {
  const models = []
  let token = ''
  do {
    const { body } = await get('registered-models/search', { max_results: 4, page_token: token })
    models.push(...body.registered_models)
    token = body.next_page_token ?? ''
  } while (token !== '')
  return models
}

/** By the bytes of UTF-8, as a database without collation. */
function inOrder(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function seenVersion({ name }: SeededModel, of: SeededModel['versions'][number]) {
  const { version, source, stage, tags } = of
  return { name, version, source, runId: of.runId ?? '', stage, description: of.description ?? '', tags }
}

// biome-ignore lint/suspicious/noExplicitAny: an answer as it came
function seenRun({ info, data, inputs }: any) {
  return {
    ...{ name: info.run_name, status: info.status, startTime: info.start_time, endTime: info.end_time },
    ...{ user: info.user_id, deleted: info.lifecycle_stage === 'deleted', experimentId: info.experiment_id },
    ...{ params: map(data.params), metrics: map(data.metrics), tags: map(data.tags) },
    datasets: (inputs.dataset_inputs ?? []).map(({ dataset, tags }: { dataset: object; tags: [] }) => ({
      ...dataset,
      context: map(tags)['mlflow.data.context'],
    })),
  }
}

function wantedRun(run: SeededRun) {
  const { name, status, startTime, endTime, user, deleted, experimentId, params, tags } = run
  const metrics = Object.entries(run.metrics).map(([key, value]) => [key, Number.isNaN(value) ? 'NaN' : value])
  const datasets = run.datasets.map(({ sourceType, ...dataset }) => ({ ...dataset, source_type: sourceType }))
  return {
    ...{ name, status, startTime, endTime, user, deleted, experimentId, params, tags, datasets },
    metrics: Object.fromEntries(metrics),
  }
}
