import type { Access } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { DatasetKey, DatasetNaming } from '#lib/dataset-name.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import type { Catalog } from './catalog.ts'
import type { CatalogIndex } from './catalog-index.ts'
import { type DatasetView, viewOf } from './dataset-view.ts'
import { type DatasetEntry, type MergedDatasets, mergeCatalogs } from './merge.ts'

/** What is known of all datasets in one request. */
interface Known {
  readonly merged: MergedDatasets
  /** Catalogs that could not be read. */
  readonly incomplete: readonly Incomplete[]
}

/** All catalogs, as one request sees them: each index is read once, so that a whole answer is of one state. */
export interface Catalogs {
  readonly all: readonly Catalog[]
  /** Who may see what: asked at every exit. */
  readonly access: Access
  known(context: RequestContext): Promise<Known>
  /** The dataset of that name as the caller may see it; never undefined, since a name is enough to be one. */
  dataset(key: DatasetKey, context: RequestContext): Promise<DatasetView>
  /** A dataset as the caller may see it; `missing`: catalogs that could not be asked. */
  view(dataset: DatasetEntry, missing: readonly Incomplete[], context: RequestContext): DatasetView
  byId(source: string): Catalog | undefined
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No catalog is configured, so nothing is known of datasets but their names: add one under sources.',
  count: null,
}

/** `all` in the order of precedence. */
export function createCatalogs(all: readonly Catalog[], naming: DatasetNaming, access: Access): Catalogs {
  const catalogById = new Map(all.map((catalog) => [catalog.id, catalog]))
  const merge = rememberingLast((indexes) => mergeCatalogs(indexes, naming))
  const known = perRequest(async (context): Promise<Known> => {
    const readings = await Promise.all(all.map(({ index }) => index.read(context)))
    const missing = readings.flatMap((reading) => [
      ...(reading.value?.incomplete ?? []),
      ...missingFrom(reading, 'what it says of datasets'),
    ])
    const merged = merge(readings.flatMap(({ value }) => value ?? []))
    return { merged, incomplete: all.length === 0 ? [NONE] : missing }
  })
  const view: Catalogs['view'] = (dataset, missing, context) => viewOf(dataset, missing, access, context)
  return {
    ...{ all, access, known, view },
    dataset: async (key, context) => {
      const { merged, incomplete } = await known(context)
      return view(merged.find(key), incomplete, context)
    },
    byId: (source) => catalogById.get(source),
  }
}

/** Merging is done anew only when an index was read anew. */
function rememberingLast(
  merge: (indexes: readonly CatalogIndex[]) => MergedDatasets,
): (indexes: readonly CatalogIndex[]) => MergedDatasets {
  let last: { indexes: readonly CatalogIndex[]; merged: MergedDatasets } | undefined
  return (indexes) => {
    const same = last && last.indexes.length === indexes.length && last.indexes.every((one, i) => one === indexes[i])
    if (!last || !same) last = { indexes, merged: merge(indexes) }
    return last.merged
  }
}
