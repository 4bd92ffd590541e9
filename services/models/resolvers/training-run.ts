import { withoutCredentials } from '#lib/address.ts'
import type { Config } from '#lib/config/schema.ts'
import { type DatasetNaming, datasetId } from '#lib/dataset-name.ts'
import { makeId } from '#lib/ids.ts'
import { provenanceOf } from '#lib/reading.ts'
import { codeOf } from '../code.ts'
import type { Registries } from '../registries.ts'
import { findRun } from '../run.ts'
import { modelsOf } from '../run-index.ts'
import type { DatasetInputResolvers, TrainingRunResolvers } from '../schema.generated.ts'
import { createStatedRepository } from '../stated-repository.ts'
import type { Lookups } from './query.ts'
import { dateTime } from './times.ts'

/** `TrainingRun`. */
export function trainingRunResolvers(registries: Registries, lookups: Lookups, config: Config): TrainingRunResolvers {
  const statedOf = createStatedRepository(config.code)
  return {
    __resolveReference: ({ id }, context) => lookups.trainingRun(id, context),
    runId: ({ record }) => record.runId,
    name: ({ record }) => record.name ?? record.runId,
    experiment: ({ record }) => record.experiment,
    status: ({ record }) => record.status,
    deleted: ({ record }) => record.deleted,
    startedAt: ({ record }) => dateTime(record.startedAt),
    endedAt: ({ record }) => dateTime(record.endedAt),
    durationSeconds: ({ record: { startedAt, endedAt } }) =>
      startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 1_000,
    user: ({ record }) => record.user,
    parentRun: async ({ registry, record }, _, context) =>
      record.parentRunId === null ? null : (await findRun(registries, registry, record.parentRunId, context)).run,
    parameters: ({ record }) => record.parameters,
    metrics: ({ record }) => record.metrics,
    tags: ({ record }) => record.tags,
    inputs: ({ record }) => record.inputs,
    code: ({ record }) => codeOf(record, config),
    statedCode: async ({ source, registry, record }, _, context) => {
      if (config.code.length === 0) return null
      const { value } = await registry.index.read(context)
      const models = modelsOf(value?.versionsByRun.get(record.runId) ?? [])
      return statedOf({ source, experiment: record.experiment.name, models }) ?? null
    },
    producedVersions: async ({ registry, record }, _, context) => {
      const found = await registries.indexOf(makeId('Model', registry.id, ''), 'Model', context)
      return found?.index.versionsByRun.get(record.runId) ?? []
    },
    webUrl: ({ record }) => record.webUrl,
    provenance: ({ registry, reading }) => provenanceOf(registry.source, reading),
  }
}

/** `DatasetInput`. */
export const datasetInputResolvers = (naming: DatasetNaming): DatasetInputResolvers => ({
  location: ({ location }) => (location === null ? null : withoutCredentials(location)),
  dataset: (input) => {
    const found = naming.read(input)
    return found ? { id: datasetId(found.key) } : null
  },
  link: (input) => naming.read(input)?.link ?? null,
})
