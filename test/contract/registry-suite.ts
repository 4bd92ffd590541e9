import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildConfig } from '#lib/config/load.ts'
import { connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { mlflow } from '#services/models/mlflow/index.ts'
import type { ModelRecord, RegistryPort, RunRecord } from '#services/models/port.ts'
import type { SeededMlflow, SeededModel, SeededRun } from '../seed/mlflow-types.ts'

/** What a tool cannot do, so that the suite expects just that and skips nothing. */
export interface RegistryLimits {
  /** Whether the tool keeps logged models apart from runs. */
  readonly loggedModels: boolean
  /** Whether the artifact files that were seeded can be read back. */
  readonly artifacts: boolean
}

/** A registry to hold against the port: where it is, and what was put into it. */
export interface RegistryUnderTest {
  readonly url: string
  readonly seeded: SeededMlflow
  stop?(): Promise<void>
}

const call = () => ({ signal: AbortSignal.timeout(30_000) })

/** What every adapter of a registry owes its port, whichever server stands behind it. */
export function describeRegistryPort(
  name: string,
  limits: RegistryLimits,
  start: () => Promise<RegistryUnderTest>,
): void {
  describe(`the registry port over ${name}`, () => {
    let under: RegistryUnderTest
    let port: RegistryPort
    let close: () => Promise<void>
    let models: readonly ModelRecord[]
    beforeAll(async () => {
      under = await start()
      ;({ port, close } = connect(under.url))
      ;({ models } = await port.models(call(), 200_000))
    })
    afterAll(async () => {
      await close?.()
      await under?.stop?.()
    })
    const model = (wanted: string): ModelRecord => {
      const found = models.find((one) => one.name === wanted)
      if (!found) throw new Error(`no model ${wanted} was read`)
      return found
    }

    it('lists every model that was registered, by its exact name, and no prompt', () => {
      expect(models.map((one) => one.name).toSorted()).toEqual(under.seeded.models.map((one) => one.name).toSorted())
      expect(models.map((one) => one.name)).not.toContain(under.seeded.prompt.name)
    })

    it('reads each model and its versions as they were registered', () => {
      for (const seeded of under.seeded.models) expect(plain(model(seeded.name))).toEqual(expected(seeded))
    })

    it('orders versions by number, newest first', () => {
      expect(model('demand-forecaster').versions.map(({ version }) => version)).toEqual(
        Array.from({ length: 12 }, (_, i) => String(12 - i)),
      )
    })

    it('tells times in milliseconds of this year or later', () => {
      for (const { createdAt, updatedAt, versions } of models) {
        for (const time of [createdAt, updatedAt, ...versions.map((one) => one.createdAt)]) {
          expect(time).toBeGreaterThan(Date.UTC(2026, 0))
        }
      }
    })

    it('reads a run whole', async () => {
      const [run] = await runs([under.seeded.runs.training.runId])
      expect(run).toMatchObject(expectedRun(under.seeded.runs.training))
      expect(run).toMatchObject({
        entryPoint: 'pipelines/churn.py',
        startedFrom: 'JOB',
        experiment: {
          experimentId: under.seeded.experiments.training.experimentId,
          name: 'churn training',
          deleted: false,
        },
        inputs: [
          { name: 'warehouse.customers', context: 'training', digest: '1a2b3c4d', columns: ['tenure'] },
          {
            name: 'customers holdout',
            context: 'validation',
            digest: '5e6f7a8b',
            location: 'https://data.example.com/holdout.csv',
          },
        ],
      })
    })

    it('keeps numbers that JSON has no word for', async () => {
      const [run] = await runs([under.seeded.runs.training.runId])
      const found = Object.fromEntries(run?.metrics.map(({ name: key, value }) => [key, value]) ?? [])
      for (const [key, value] of Object.entries(under.seeded.runs.training.metrics)) expect(found[key]).toBe(value)
    })

    it('says of a run that it is deleted, by itself or with its experiment, and of another that it is not there', async () => {
      const { deleted, inDeletedExperiment, laptop } = under.seeded.runs
      const missing = 'f'.repeat(32)
      const found = await runs([deleted.runId, missing, inDeletedExperiment.runId, laptop.runId])
      expect(found.map((run) => run?.deleted)).toEqual([true, undefined, true, false])
      expect(found[1]).toBeNull()
      expect(found[2]?.experiment.deleted).toBe(true)
    })

    it('takes ids that would change a filter as ids of nothing', async () => {
      const odd = ["x') OR ('1'='1", '12345678901234567890123456789012', 'ABC', '__proto__', '%']
      expect(await runs(odd)).toEqual(odd.map(() => null))
    })

    it('answers by key in the order of the keys, however many', async () => {
      const { training, laptop } = under.seeded.runs
      const ids = Array.from({ length: 1_100 }, (_, i) =>
        i % 2 ? training.runId : `${i.toString(16).padStart(31, '0')}a`,
      )
      const found = await runs([...ids, laptop.runId])
      expect(found.map((run) => run?.runId)).toEqual([
        ...ids.map((id) => (id === training.runId ? id : undefined)),
        laptop.runId,
      ])
    })

    it('reads logged models where there are such', async () => {
      const wanted = under.seeded.loggedModel?.modelId ?? 'm-00000000000000000000000000000000'
      const [logged] = await port.loggedModels([wanted], call()).catch(() => [null])
      if (!limits.loggedModels) return expect(logged).toBeNull()
      expect(logged).toMatchObject({
        loggedModelId: wanted,
        parameters: expect.arrayContaining([{ key: 'depth', value: '6' }]),
      })
      expect(logged).toMatchObject({
        metrics: expect.arrayContaining([
          expect.objectContaining({ name: 'eval_auc', value: 0.907, dataset: 'warehouse.customers' }),
        ]),
      })
    })

    it('reads flavors and signature where the file is there, and nothing where it is not', async () => {
      const at = (name: string, version: string) => {
        const { artifactUri = null } = model(name).versions.find((one) => one.version === version) ?? {}
        return { model: name, version, artifactUri }
      }
      const { mlmodels } = under.seeded
      const found = await port.artifacts(
        mlmodels.map(({ name: of, version }) => at(of, version)),
        call(),
      )
      const written = mlmodels.map(({ flavors, signature }) => ({ flavors, ...signature }))
      expect(found).toEqual(limits.artifacts ? written : written.map(() => null))
      // Its source names the run that the file of version 3 belongs to.
      expect(at('churn-scorer', '2').artifactUri).toMatch(/^runs:/)
      const others = [
        at('churn-scorer', '2'),
        at('churn-scorer', '1'),
        at('credit-limit', '3'),
        at('retired-ranker', '1'),
      ]
      expect(await port.artifacts(others, call())).toEqual([limits.artifacts ? written[0] : null, null, null, null])
    })

    it('says who it is', async () => {
      expect(await port.probe(call())).toMatchObject({ version: under.seeded.version })
    })

    it('fails with a reason when the server is gone', async () => {
      const gone = connect('http://127.0.0.1:9')
      await expect(gone.port.models(call(), 200_000)).rejects.toThrow(UpstreamError)
      await gone.close()
    })

    async function runs(ids: readonly string[]): Promise<(RunRecord | null)[]> {
      return (await port.runs(ids, call())).map((run) => {
        if (run instanceof Error) throw run
        return run
      })
    }
  })
}

/** The port of an MLflow at an address. */
function connect(url: string): { port: RegistryPort; close: () => Promise<void> } {
  const config = buildConfig({ sources: [{ id: 'registry', kind: 'mlflow', url }] }, { mlflow: mlflow.options })
  const options = { config, registries: ['registry'], log: pino({ level: 'silent' }) }
  const [source] = connectSources([mlflow], options)
  if (!source) throw new Error('no source was connected')
  return { port: source.port, close: () => source.upstream.close() }
}

/** What the seed knows of a record, without times and addresses. */
function plain({ name, description, tags, aliases, versions }: ModelRecord) {
  return {
    ...{ name, description, tags: asMap(tags) },
    aliases: Object.fromEntries(aliases.map((alias) => [alias.name, alias.version])),
    versions: versions.map((one) => ({
      ...{ version: one.version, stage: one.stage, description: one.description, tags: asMap(one.tags) },
      ...{ artifactUri: one.artifactUri, runId: one.runId, loggedModelId: one.loggedModelId, status: one.status },
    })),
  }
}

function expected({ name, description, tags, aliases, versions }: SeededModel) {
  return {
    ...{ name, description, tags, aliases },
    versions: versions
      .map(({ version, stage, source, runId, modelId, ...rest }) => ({
        ...{ version, stage: stage === 'None' ? null : stage, description: rest.description, tags: rest.tags },
        ...{ artifactUri: source, runId, loggedModelId: modelId, status: 'READY' },
      }))
      .toSorted((a, b) => Number(b.version) - Number(a.version)),
  }
}

function expectedRun({ runId, name, status, startTime, endTime, user, parentRunId, deleted }: SeededRun) {
  return { runId, name, status, startedAt: startTime, endedAt: endTime, user, parentRunId, deleted }
}

const asMap = (pairs: readonly { key: string; value?: string | null | undefined }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
