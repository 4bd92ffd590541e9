import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { DatasetEntry } from './merge.ts'
import { seenOf } from './seen.ts'

/** A dataset as one caller may see it: what it is called, and the records of the catalogs that are shown to them. */
export interface DatasetView extends Omit<DatasetEntry, 'records'> {
  readonly records: readonly RecordEntry[]
  /** Catalogs that could not be asked, or whose record is hidden. */
  readonly incomplete: readonly Incomplete[]
}

/** The one exit of what catalogs say: records that the caller may not see are left out and counted. */
export function viewOf(dataset: DatasetEntry, missing: readonly Incomplete[], context: RequestContext): DatasetView {
  const { seen, incomplete: hidden } = seenOf(dataset.records, context)
  const sources = new Set(seen.map(({ source }) => source))
  const aliases = dataset.aliases.filter(({ source }) => source === null || sources.has(source))
  return { ...dataset, aliases, records: seen, incomplete: [...missing, ...hidden] }
}
