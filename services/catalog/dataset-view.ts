import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { visibleOf } from '#lib/visible.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { DatasetEntry, MergedDatasets } from './merge.ts'

/** A dataset as one caller may see it: what it is called, and the records of the catalogs that are shown to them. */
export interface DatasetView extends Omit<DatasetEntry, 'records'> {
  readonly records: readonly RecordEntry[]
  /** Catalogs that could not be asked, or whose record is hidden. */
  readonly incomplete: readonly Incomplete[]
  readonly merged: MergedDatasets
}

/** The one exit of what catalogs say: records that the caller may not see are left out and counted. */
export function viewOf(
  dataset: DatasetEntry,
  merged: MergedDatasets,
  missing: readonly Incomplete[],
  { caller }: RequestContext,
): DatasetView {
  const { seen, incomplete: hidden } = visibleOf(caller, dataset.records)
  const sources = new Set(seen.map(({ source }) => source))
  const aliases = dataset.aliases.filter(({ source }) => source === null || sources.has(source))
  return { ...dataset, aliases, records: seen, incomplete: [...missing, ...hidden], merged }
}
