import type { Config } from '#lib/config/schema.ts'
import { datasetId } from '#lib/dataset-name.ts'
import { momentOf } from '#lib/moment.ts'
import { provenanceOf } from '#lib/reading.ts'
import type { Applications } from '../applications.ts'
import type { RecordEntry } from '../catalog-index.ts'
import type { Catalogs } from '../catalogs.ts'
import { columnClassifications } from '../claims.ts'
import { walkLineage } from '../lineage.ts'
import { disagreementsOf, firstTold, mergedClassifications, mergedColumns } from '../merged-fields.ts'
import { applicationsOn, modelsFrom, onePerSource, silentOf, startsOfDataset } from '../neighbours.ts'
import { qualityAt, qualityNow, qualityOf } from '../quality.ts'
import type {
  CatalogRecordResolvers,
  ColumnSourceResolvers,
  DatasetColumnResolvers,
  DatasetResolvers,
} from '../schema.generated.ts'
import { tracedSources } from '../traced-columns.ts'
import type { Lookups } from './query.ts'

/** `Dataset`: its name is enough to be one, whether or not a catalog knows it. */
export function datasetResolvers(
  catalogs: Catalogs,
  applications: Applications,
  lookups: Lookups,
  config: Config,
): DatasetResolvers {
  return {
    __resolveReference: ({ id }, context) => lookups.dataset(id, context),
    soleNames: async (dataset, _, context) => (await catalogs.known(context)).merged.soleNames(dataset),
    alike: async (dataset, _, context) => {
      const { merged, incomplete } = await catalogs.known(context)
      return merged
        .alike(dataset)
        .map((other) => catalogs.view(other, incomplete, context))
        .filter(({ records }) => records.length > 0)
        .map((other) => ({
          dataset: other,
          link: { method: 'GUESSED', confidence: 0.3, evidence: `both are called ${dataset.name}` },
        }))
    },
    displayName: ({ records }) => firstTold(records, ({ record }) => record.displayName),
    description: ({ records }) => firstTold(records, ({ record }) => record.description),
    owners: ({ records }) => firstTold(records, ({ claims }) => claims.owners),
    domain: ({ records }) => firstTold(records, ({ claims }) => claims.domain),
    classifications: ({ records }) => mergedClassifications(records),
    columns: ({ records }) => mergedColumns(records, config),
    deprecated: ({ records }) => firstTold(records, ({ claims }) => claims.deprecated),
    deleted: ({ records }) => firstTold(records, ({ record }) => record.deleted),
    dataUpdatedAt: ({ records }) => dateTime(firstTold(records, ({ record }) => record.dataUpdatedAt)),
    quality: (dataset, { at }, context) =>
      at == null ? qualityNow(catalogs, dataset) : qualityAt(catalogs, dataset, momentOf('at', at), context),
    disagreements: ({ records }) => disagreementsOf(records),
    upstream: (dataset, { depth }, context) => walkLineage(catalogs, dataset, 'upstream', depth ?? 1, context),
    downstream: (dataset, { depth }, context) => walkLineage(catalogs, dataset, 'downstream', depth ?? 1, context),
    applications: async (dataset, _, context) => {
      const ids = [dataset, ...dataset.aliases, ...dataset.records.map(({ record }) => record)].map(datasetId)
      const { nodes, incomplete } = await applicationsOn(ids, startsOfDataset(dataset), applications, context)
      const missing = [...applications.none.anywhere, ...silentOf(dataset.incomplete, catalogs), ...incomplete]
      return { nodes, incomplete: onePerSource(missing) }
    },
    statedModels: (dataset, _, context) => modelsFrom(dataset, catalogs, context),
    provenance: ({ records }) => (records[0] ? provenance(records[0]) : null),
  }
}

/** `CatalogRecord`. */
export function catalogRecordResolvers(config: Config): CatalogRecordResolvers {
  return {
    catalogId: ({ source }) => source,
    namespace: ({ record }) => record.namespace,
    name: ({ record }) => record.name,
    displayName: ({ record }) => record.displayName,
    description: ({ record }) => record.description,
    owners: ({ claims }) => claims.owners,
    domain: ({ claims }) => claims.domain,
    classifications: ({ claims }) => claims.classifications,
    columns: (entry) =>
      entry.record.columns?.map((column) => {
        const classifications = columnClassifications(column, config)
        return { ...column, classifications, of: [entry] }
      }) ?? null,
    deprecated: ({ claims }) => claims.deprecated,
    deleted: ({ record }) => record.deleted,
    updatedAt: ({ record }) => dateTime(record.updatedAt),
    dataUpdatedAt: ({ record }) => dateTime(record.dataUpdatedAt),
    quality: ({ record }) => qualityOf(record.checks),
    tags: ({ record }) => record.tags,
    provenance: (entry) => provenance(entry),
  }
}

/** `DatasetColumn`: what its catalog does not list, its lineage may tell. */
export const datasetColumnResolvers: DatasetColumnResolvers = {
  sources: async ({ sources, name, of }, _, context) => sources ?? (await tracedSources(of, name, context)).sources,
  sourcesIncomplete: async ({ sources, name, of }, _, context) =>
    sources ? [] : (await tracedSources(of, name, context)).incomplete,
}

/** `ColumnSource`. */
export function columnSourceResolvers(catalogs: Catalogs): ColumnSourceResolvers {
  return { dataset: ({ namespace, name }, _, context) => catalogs.dataset({ namespace, name }, context) }
}

function provenance({ catalog, fetchedAt }: RecordEntry) {
  return provenanceOf(catalog.source, catalog.index.age(fetchedAt))
}

const dateTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
