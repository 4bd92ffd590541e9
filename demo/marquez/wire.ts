import { createHash } from 'node:crypto'
import type { DatasetSpec, JobSpec, Key } from './spec.ts'

/** A dataset as it is answered by name and in lists. Under an alias it has that name, and no facets. */
export function datasetWire(dataset: DatasetSpec, { namespace, name }: Key = dataset) {
  const own = name === dataset.name && namespace === dataset.namespace
  return {
    ...graphDataset(dataset),
    ...{ id: { namespace, name }, name, namespace },
    currentVersion: dataset.currentVersion ?? versionOf(dataset),
    columnLineage: null,
    facets: own ? (dataset.facets ?? {}) : {},
    deleted: false,
  }
}

/** The versions of a dataset's data; where none are given, the only one is what it is now. */
export function versionsWire({ versions, ...dataset }: DatasetSpec) {
  const { namespace, name, createdAt, updatedAt = createdAt, facets = {} } = dataset
  const { id, type, physicalName, sourceName, fields, tags, description } = graphDataset(dataset)
  return (versions ?? [{ createdAt: updatedAt, facets }]).map((version) => ({
    ...{ id, type, name, physicalName, namespace, sourceName, fields, tags, description },
    ...{ version: dataset.currentVersion ?? versionOf(dataset), lifecycleState: '', currentSchemaVersion: null },
    ...{ createdByRun: null, facets: {} },
    ...version,
  }))
}

/** A dataset as it stands in a lineage graph. */
export function graphDataset({ namespace, name, fields = [], ...rest }: DatasetSpec) {
  return {
    ...{ id: { namespace, name }, type: 'DB_TABLE', name, physicalName: name },
    ...{ createdAt: rest.createdAt, updatedAt: rest.updatedAt ?? rest.createdAt, namespace },
    sourceName: rest.sourceName ?? 'default',
    fields: fields.map((field) => ({ tags: [], description: null, ...field })),
    tags: rest.tags ?? [],
    lastModifiedAt: rest.lastModifiedAt ?? null,
    lastLifecycleState: rest.lastLifecycleState ?? '',
    description: rest.description ?? null,
  }
}

/** A job as it stands in a lineage graph. */
export function graphJob({ namespace, name, inputs = [], outputs = [], ...rest }: JobSpec) {
  return {
    ...{ id: { namespace, name }, type: 'BATCH', name, simpleName: name, parentJobName: null, parentJobUuid: null },
    ...{ currentRunUuid: rest.currentRunUuid ?? null, createdAt: rest.createdAt },
    ...{
      updatedAt: rest.updatedAt ?? rest.createdAt,
      namespace,
      inputs: inputs.map(keyOf),
      outputs: outputs.map(keyOf),
    },
    ...{ location: rest.location ?? null, description: rest.description ?? null, latestRun: rest.latestRun ?? null },
  }
}

/** A job as it is answered by name. */
export function jobWire(job: JobSpec) {
  const { currentRunUuid: _inGraphsOnly, ...shared } = graphJob(job)
  return {
    ...shared,
    ...{ latestRuns: null, facets: {}, currentVersion: null, labels: [], tags: [] },
    ...job.details,
  }
}

const keyOf = ({ namespace, name }: Key): Key => ({ namespace, name })

function versionOf({ namespace, name }: Key): string {
  const hex = createHash('sha256').update(`${namespace} ${name}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `3${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
