import type { Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { datasetId } from '#lib/dataset-name.ts'
import type { Catalog } from './catalog.ts'
import { type Claims, claimsOf } from './claims.ts'
import type { DatasetList, DatasetRecord } from './port.ts'

/** What one catalog says of one dataset. */
export interface RecordEntry {
  /** Id of the source. */
  readonly source: string
  readonly catalog: Catalog
  readonly record: DatasetRecord
  readonly claims: Claims
  readonly fetchedAt: Date
}

/** Everything of one catalog. */
export interface CatalogIndex {
  readonly catalog: Catalog
  readonly records: readonly RecordEntry[]
  readonly recordByAddress: ReadonlyMap<string, RecordEntry>
  /** What is not in it, since there is more than may be held. */
  readonly incomplete: readonly Incomplete[]
}

/** Builds the index of a catalog from what its tool listed; of several records of one name, the first counts. */
export function buildIndex(
  catalog: Catalog,
  { datasets, truncated }: DatasetList,
  config: Config,
  fetchedAt: Date,
): CatalogIndex {
  const byId = new Map<string, RecordEntry>()
  for (const record of datasets) {
    const id = datasetId(record)
    const claims = claimsOf(record, config)
    if (!byId.has(id)) byId.set(id, { source: catalog.id, catalog, record, claims, fetchedAt })
  }
  const records = [...byId.values()]
  return {
    ...{ catalog, records },
    recordByAddress: new Map(records.map((entry) => [entry.record.address, entry])),
    incomplete: truncated ? [tooMany(catalog.id, byId.size)] : [],
  }
}

function tooMany(source: string, read: number): Incomplete {
  const message = `${source} has more datasets than may be held, so only ${read} are here: raise index.maxDatasets.`
  return { source, reason: 'TRUNCATED', message, count: null }
}
