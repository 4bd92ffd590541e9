import type { Access, Guarded } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { DatasetEntry } from './merge.ts'

/** A dataset as one caller may see it: what it is called, and the records of the catalogs that are shown to them. */
export interface DatasetView extends Omit<DatasetEntry, 'records'> {
  readonly records: readonly RecordEntry[]
  /** Catalogs that could not be asked, or whose record is hidden. */
  readonly incomplete: readonly Incomplete[]
}

/** The one exit of what catalogs say: records that the caller may not see are left out and counted. */
export function viewOf(
  dataset: DatasetEntry,
  missing: readonly Incomplete[],
  access: Access,
  { caller }: RequestContext,
): DatasetView {
  const { seen: shown, incomplete: hidden } = access.visibleOf(caller, dataset.records.map(guarded))
  const seen = shown.map(({ entry }) => entry)
  const sources = new Set(seen.map(({ source }) => source))
  const aliases = dataset.aliases.filter(({ source }) => source === null || sources.has(source))
  return { ...dataset, aliases, records: seen, incomplete: [...missing, ...hidden] }
}

/** What one catalog says of a dataset, guarded by what it says of owner and domain. */
export function guarded(entry: RecordEntry): Guarded & { readonly entry: RecordEntry } {
  const { source, claims } = entry
  return { source, domain: claims.domain, owners: claims.owners?.map(({ name }) => name) ?? [], entry }
}
