import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { createDatasetNaming } from '#lib/dataset-name.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { RecordCache } from '#lib/record-cache.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { Delivery, DeliveryAnswer } from '#lib/webhook.ts'
import type {
  ArtifactRecord,
  Change,
  LoggedModelRecord,
  RegistryPort,
  RunRecord,
  VersionArtifact,
  VersionKey,
} from './port.ts'
import { buildIndex, type RegistryIndex } from './registry-index.ts'
import { buildRunIndex, type RunIndex, readRunFacts } from './run-index.ts'
import { createStatedRepository } from './stated-repository.ts'

/** Records of each sort that are held of one source; a run is about 2 KB. */
const MAX_RECORDS = 5_000

/** Seconds for which what is written beside an artifact counts as fresh: a version's files do not change. */
const ARTIFACT_FRESH_SECONDS = 3_600

/** One registry source as the resolvers read it: its index, the index of its runs, and what is read by key. */
export interface Registry {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<RegistryPort>
  readonly index: Snapshot<RegistryIndex>
  /** Runs that versions name, for questions the other way round: which runs read this dataset. */
  readonly runIndex: Snapshot<RunIndex>
  readonly runs: RecordCache<RunRecord>
  readonly loggedModels: RecordCache<LoggedModelRecord>
  /** By `artifactKey`. */
  readonly artifacts: RecordCache<ArtifactRecord>
  /** Takes a delivery of the source; undefined: none is expected. What it says has changed is read anew in the background. */
  receive(delivery: Delivery): DeliveryAnswer | undefined
  close(): Promise<void>
}

/** The key of a version in `Registry.artifacts`. */
export const artifactKey = ({ model, version }: VersionKey): string => JSON.stringify([model, version])

/** Makes a connected source readable. */
export function createRegistry(connected: ConnectedSource<RegistryPort>, config: Config, log: Logger): Registry {
  const { id, port, upstream } = connected
  const freshness = config.index
  const naming = createDatasetNaming(config.datasets)
  const statedOf = createStatedRepository(config.code)
  const held = { ...freshness, source: id, log, maxRecords: MAX_RECORDS }
  const runs = new RecordCache<RunRecord>({ ...held, load: port.runs })
  const list = connected.share('models', (call) => port.models(call, freshness.maxVersions))
  const index = new Snapshot<RegistryIndex>({
    ...{ ...freshness, source: id, log },
    shown: { as: 'versions', size: ({ models }) => models.reduce((sum, { versions }) => sum + versions.length, 0) },
    load: async (call) => {
      const { value, ...when } = await list(call)
      return { value: buildIndex(registry, value, config.production, when.fetchedAt), ...when }
    },
  })
  const readRuns = async (ids: readonly string[], call: UpstreamCall) => {
    const asked = runs.now()
    const records = await port.runs(ids, call)
    for (const record of records.slice(0, MAX_RECORDS)) {
      if (record && !(record instanceof Error)) runs.put(record.runId, record, asked)
    }
    return records
  }
  const runIndex = new Snapshot<RunIndex>({
    ...{ ...freshness, source: id, log },
    shown: { as: 'runs', size: (held) => held.runs.size },
    load: async (call, previous) => {
      const { value: models, failure } = await index.read({ signal: call.signal })
      if (!models) throw failure ?? new Error('an index without a value has a failure')
      const list = connected.share('runs', (asked) =>
        readRunFacts(models, previous, { source: id, naming, config }, (ids) => readRuns(ids, asked)),
      )
      const { value, ...when } = await list(call)
      return { value: buildRunIndex(value, models, statedOf), ...when }
    },
  })
  const loggedModels = new RecordCache<LoggedModelRecord>({ ...held, load: port.loggedModels })
  const artifacts = new RecordCache<ArtifactRecord>({
    ...{ ...held, freshSeconds: ARTIFACT_FRESH_SECONDS },
    load: async (keys, call) => {
      const { value } = await index.read(call)
      return port.artifacts(
        keys.map((key) => artifactOf(versionOf(key), value)),
        call,
      )
    },
  })
  const renew = ({ version, runId }: Change) => {
    if (version) artifacts.expire(artifactKey(version))
    if (runId !== null) runs.expire(runId)
    // The index of runs is made from that of models.
    void index.expire().then(() => runIndex.expire())
  }
  const receive = (delivery: Delivery) => {
    const answer = port.received?.(delivery)
    if (answer?.change) renew(answer.change)
    return answer
  }
  const registry: Registry = {
    id,
    source: sourceRecord('RegistrySource', connected),
    connected,
    index,
    runIndex,
    ...{ runs, loggedModels, artifacts, receive },
    close: async () => {
      await Promise.all([index, runIndex, runs, loggedModels, artifacts].map((one) => one.close()))
      await upstream.close()
    },
  }
  return registry
}

function artifactOf(key: VersionKey, index: RegistryIndex | undefined): VersionArtifact {
  const versions = index?.modelByName.get(key.model)?.versions ?? []
  const artifactUri = versions.find(({ record }) => record.version === key.version)?.record.artifactUri ?? null
  return { ...key, artifactUri }
}

function versionOf(key: string): VersionKey {
  const [model, version] = JSON.parse(key)
  return { model, version }
}
