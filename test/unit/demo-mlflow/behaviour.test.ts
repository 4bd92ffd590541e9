import { describe, expect, it } from 'vitest'
import type { MlflowData } from '#demo/mlflow/index.ts'
import { withMlflow } from './client.ts'

const at = Date.UTC(2026, 0, 5)
const version = (createdAt: number, more = {}) => ({ createdAt, source: 's3://bucket/model', ...more })
const data: MlflowData = {
  models: [
    { name: 'b', createdAt: at, versions: [version(at + 1), version(at + 5)] },
    { name: 'a', createdAt: at, versions: [version(at + 5), version(at + 3, { stage: 'Production' })] },
    { name: 'B', createdAt: at, versions: [version(at + 2, { updatedAt: at + 9 })] },
  ],
}

describe.each(['2.22.5', '3.17.2'] as const)('MLflow stand-in %s', (mlflow) => {
  it('lists models by name and versions by latest update, then name, then number', () =>
    withMlflow({ version: mlflow, data }, async ({ get }) => {
      const models = (await get('registered-models/search')).body.registered_models
      expect(models.map(({ name }: { name: string }) => name)).toEqual(['B', 'a', 'b'])
      const versions = (await get('model-versions/search')).body.model_versions
      const seen = versions.map((of: { name: string; version: string }) => `${of.name} ${of.version}`)
      expect(seen).toEqual(['B 1', 'a 1', 'b 2', 'a 2', 'b 1'])
    }))

  it('pages by offset, so that what is written between two pages moves the rows', () =>
    withMlflow({ version: mlflow, data }, async ({ get, send }) => {
      const first = (await get('registered-models/search', { max_results: 1 })).body
      expect(Buffer.from(first.next_page_token, 'base64').toString()).toBe('{"offset": 1}')
      await send('POST', 'registered-models/create', { name: 'A' })
      const next = await get('registered-models/search', { max_results: 1, page_token: first.next_page_token })
      expect(next.body.registered_models[0].name).toBe('B')
    }))

  it('answers a page of no models with a token to the same place', () =>
    withMlflow({ version: mlflow, data }, async ({ get }) => {
      const { body } = await get('registered-models/search', { max_results: 0 })
      expect(body).toEqual({ next_page_token: Buffer.from('{"offset": 0}').toString('base64') })
    }))

  it('archives the versions of a stage that another enters, where that is asked', () =>
    withMlflow({ version: mlflow, data }, async ({ get, send }) => {
      const change = { name: 'a', version: '1', stage: 'production', archive_existing_versions: true }
      await send('POST', 'model-versions/transition-stage', change)
      const { body } = await get('registered-models/get', { name: 'a' })
      const stages = body.registered_model.latest_versions.map((of: { current_stage: string }) => of.current_stage)
      expect(stages).toEqual(['Production', 'Archived'])
    }))

  it('moves an alias that is set again, and keeps its case', () =>
    withMlflow({ version: mlflow, data }, async ({ get, send }) => {
      for (const number of ['1', '2']) {
        await send('POST', 'registered-models/alias', { name: 'b', alias: 'Champion', version: number })
      }
      const { body } = await get('registered-models/alias', { name: 'b', alias: 'Champion' })
      expect(body.model_version).toMatchObject({ version: '2', aliases: ['Champion'] })
      expect((await get('registered-models/alias', { name: 'b', alias: 'champion' })).status).toBe(400)
    }))

  it('shows a deleted run alone and among all, and lets nobody write to it', () =>
    withMlflow({ version: mlflow }, async ({ get, send }) => {
      const { run } = (await send('POST', 'runs/create', { experiment_id: '0', start_time: at })).body
      const run_id = run.info.run_id
      await send('POST', 'runs/delete', { run_id })
      const search = { experiment_ids: ['0'] }
      expect((await send('POST', 'runs/search', search)).body).toEqual({})
      expect((await send('POST', 'runs/search', { ...search, run_view_type: 'ALL' })).body.runs).toHaveLength(1)
      expect((await get('runs/get', { run_id })).body.run.info.lifecycle_stage).toBe('deleted')
      expect((await send('POST', 'runs/set-tag', { run_id, key: 'a', value: 'b' })).status).toBe(400)
    }))

  it('resolves a version that was copied from another', () =>
    withMlflow({ version: mlflow, data }, async ({ get, send }) => {
      await send('POST', 'model-versions/create', { name: 'b', source: 'models:/a/1' })
      const { body } = await get('model-versions/get-download-uri', { name: 'b', version: '3' })
      expect(body).toEqual({ artifact_uri: 's3://bucket/model' })
    }))

  it('takes the calls of the browser under their own prefix', () =>
    withMlflow({ version: mlflow, data }, async ({ server }) => {
      const answer = await fetch(`${server.url}/ajax-api/2.0/mlflow/registered-models/get?name=a`)
      expect(answer.status).toBe(200)
    }))
})

describe('MLflow stand-in', () => {
  it('takes latest for the newest version in 3.17.2, not in 2.22.5', async () => {
    const ask = { name: 'a', alias: 'latest' }
    await withMlflow({ version: '3.17.2', data }, async ({ get }) => {
      expect((await get('registered-models/alias', ask)).body.model_version.version).toBe('2')
    })
    await withMlflow({ version: '2.22.5', data }, async ({ get }) => {
      expect((await get('registered-models/alias', ask)).status).toBe(400)
    })
  })

  it('pages the history of a metric in 3.17.2, not in 2.22.5', async () => {
    const metrics = [1, 2, 3].map((step) => ({ key: 'loss', value: 1 / step, loggedAt: at + step, step }))
    const runs = [{ id: 'a'.repeat(32), experimentId: '0', name: 'run', startedAt: at, metrics }]
    const ask = { run_id: 'a'.repeat(32), metric_key: 'loss', max_results: 2 }
    await withMlflow({ version: '3.17.2', data: { runs } }, async ({ get }) => {
      const { body } = await get('metrics/get-history', ask)
      expect([body.metrics.length, typeof body.next_page_token]).toEqual([2, 'string'])
      const rest = await get('metrics/get-history', { ...ask, page_token: body.next_page_token })
      expect(rest.body).toEqual({ metrics: [{ key: 'loss', value: 1 / 3, timestamp: at + 3, step: 3 }] })
    })
    await withMlflow({ version: '2.22.5', data: { runs } }, async ({ get }) => {
      expect((await get('metrics/get-history', ask)).body.metrics).toHaveLength(3)
    })
  })

  it('does not start with data that MLflow could not hold', async () => {
    const nowhere = { name: 'a', createdAt: at, aliases: { champion: '2' }, versions: [version(at)] }
    await expect(withMlflow({ version: '3.17.2', data: { models: [nowhere] } }, async () => {})).rejects.toThrow(
      'Model a: alias champion points to version 2',
    )
    const homeless = { id: 'x', experimentId: '7', name: 'run', startedAt: at }
    await expect(withMlflow({ version: '3.17.2', data: { runs: [homeless] } }, async () => {})).rejects.toThrow(
      'Run x: no experiment 7',
    )
  })
})
