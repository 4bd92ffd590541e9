import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { incompleteOf, provenanceOf } from '#lib/reading.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { ArtifactRecord, LoggedModelRecord } from '../port.ts'
import type { Registries } from '../registries.ts'
import { artifactKey } from '../registry.ts'
import type { VersionEntry } from '../registry-index.ts'
import { findRun, type RunLookup } from '../run.ts'
import type { ModelVersionResolvers } from '../schema.generated.ts'
import type { Lookups } from './query.ts'
import { dateTime } from './times.ts'

/** `ModelVersion`. */
export function modelVersionResolvers(registries: Registries, lookups: Lookups): ModelVersionResolvers {
  const runOf = (version: VersionEntry, context: RequestContext): Promise<RunLookup> | null => {
    const { runId } = version.record
    return runId === null ? null : findRun(registries, version.model.registry, runId, context)
  }
  const loggedModelOf = async (
    { model, record }: VersionEntry,
    context: RequestContext,
  ): Promise<LoggedModelRecord | null> => {
    if (record.loggedModelId === null) return null
    return knownValue(await registries.loaders(model.registry, context).loggedModels.load(record.loggedModelId))
  }
  const artifactOf = async (
    { model, record }: VersionEntry,
    context: RequestContext,
  ): Promise<ArtifactRecord | null> => {
    const key = artifactKey({ model: model.record.name, version: record.version })
    return knownValue(await registries.loaders(model.registry, context).artifacts.load(key))
  }

  return {
    __resolveReference: ({ id }, context) => lookups.modelVersion(id, context),
    version: ({ record }) => record.version,
    status: ({ record }) => record.status,
    statusMessage: ({ record }) => record.statusMessage,
    stage: ({ record }) => record.stage,
    aliases: ({ model, record }) =>
      model.record.aliases.filter(({ version }) => version === record.version).map(({ name }) => name),
    description: ({ record }) => record.description,
    tags: ({ record }) => record.tags,
    createdAt: ({ record }) => dateTime(record.createdAt),
    updatedAt: ({ record }) => dateTime(record.updatedAt),
    createdBy: ({ record }) => record.createdBy,
    artifactUri: ({ record }) => record.artifactUri,
    loggedModelId: ({ record }) => record.loggedModelId,
    flavors: async (version, _, context) => (await artifactOf(version, context))?.flavors ?? null,
    signature: async (version, _, context) => {
      const { inputs = null, outputs = null } = (await artifactOf(version, context)) ?? {}
      return inputs === null && outputs === null ? null : { inputs, outputs }
    },
    parameters: async (version, _, context) => {
      const logged = await loggedModelOf(version, context)
      return logged?.parameters ?? recordOf(await runOf(version, context))?.parameters ?? null
    },
    metrics: async (version, _, context) => {
      const [logged, run] = await Promise.all([loggedModelOf(version, context), runOf(version, context)])
      const ofRun = recordOf(run)?.metrics
      if (!logged) return ofRun ?? null
      // Of a metric that both have, the run's counts: the logged model's copy says 0 where it is NaN (3.17.2).
      const about = (ofRun ?? []).filter(({ loggedModelId }) => loggedModelId === logged.loggedModelId)
      const known = new Set(about.map(metricKey))
      return [...about, ...logged.metrics.filter((metric) => !known.has(metricKey(metric)))]
    },
    runId: ({ record }) => record.runId,
    run: async (version, _, context) => (await runOf(version, context))?.run ?? null,
    incomplete: async (version, _, context) => {
      const lookup = await runOf(version, context)
      if (!lookup || lookup.run) return []
      if (lookup.failure) return [incompleteOf(lookup.failure, 'the run that made this version')]
      const { source, record } = version
      const message = `Run ${record.runId}, which this version names, is not in ${source}: it was removed for good, never was there, or is not shown to the gateway's account.`
      return [{ source, reason: 'UNMATCHED', message, count: 1 }]
    },
    webUrl: ({ record }) => record.webUrl,
    provenance: ({ model }) => provenanceOf(model.registry.source, model.registry.index.age(model.fetchedAt)),
  }
}

const metricKey = ({ name, dataset }: { name: string; dataset: string | null }): string =>
  JSON.stringify([name, dataset])

function recordOf(lookup: RunLookup | null) {
  if (lookup && !lookup.run && lookup.failure) throw graphqlFailure(lookup.failure)
  return lookup?.run?.record
}

/** What was read, or null where there is none; a failure has no other place than the query's errors. */
function knownValue<V>(reading: Reading<V | null>): V | null {
  if (reading.value === undefined && reading.failure) throw graphqlFailure(reading.failure)
  return reading.value ?? null
}
