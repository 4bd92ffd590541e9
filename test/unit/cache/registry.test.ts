import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import type { SharedStore } from '#lib/cache/store.ts'
import { buildConfig } from '#lib/config/load.ts'
import { connectSources } from '#lib/sources.ts'
import { mlflow } from '#services/models/mlflow/index.ts'
import { createRegistry, type Registry } from '#services/models/registry.ts'
import { manyModels } from '../../federation/many-models.ts'
import { memoryStore } from './memory-store.ts'

const patient = { signal: new AbortController().signal }

/** A registry as one instance of the gateway reads it. */
function instance(url: string, shared: SharedStore): Registry {
  const log = pino({ level: 'silent' })
  const config = buildConfig({ sources: [{ id: 's', kind: 'mlflow', url }] }, { mlflow: mlflow.options })
  const [connected] = connectSources([mlflow], { config, registries: ['s'], shared, log })
  if (!connected) throw new Error('one source is configured')
  return createRegistry(connected, config, log)
}

describe('two instances over one registry', () => {
  it('hold the same, and only one of them has asked it', async () => {
    const standIn = await startMlflow({ version: '3.17.2', data: manyModels(20) })
    const store = memoryStore()
    const [one, two] = [instance(standIn.url, store), instance(standIn.url, store)]
    try {
      const [first, second] = await Promise.all([one.index.read(patient), two.index.read(patient)])
      const [runs, sameRuns] = await Promise.all([one.runIndex.read(patient), two.runIndex.read(patient)])
      const records = (reading: typeof first) => reading.value?.models.map(({ record }) => record)
      expect(records(first)).toHaveLength(20)
      expect(records(second)).toEqual(records(first))
      expect(second.value?.models[0]?.fetchedAt).toEqual(first.value?.models[0]?.fetchedAt)
      expect(runs.value?.usesByDataset.size).toBe(20)
      expect(sameRuns.value?.usesByDataset).toEqual(runs.value?.usesByDataset)
      const asked = [one, two].map(({ connected }) => connected.state.version)
      expect(asked.filter((version) => version !== undefined)).toHaveLength(1)
    } finally {
      await Promise.all([one, two].map((registry) => registry.close()))
      await standIn.close()
    }
  })
})
