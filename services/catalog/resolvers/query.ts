import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { parseId } from '#lib/ids.ts'
import { pageOf } from '#lib/page.ts'
import { type ApplicationEntry, type Applications, byApplicationName } from '../applications.ts'
import type { Catalogs } from '../catalogs.ts'
import { type DatasetView, guarded } from '../dataset-view.ts'
import { applicationFilter, datasetFilter } from '../filters.ts'
import { byDatasetName } from '../merge.ts'
import type { QueryResolvers } from '../schema.generated.ts'

/** The look-up by id that root fields and references share. */
export interface Lookups {
  /** null: the id is none of a dataset. */
  dataset(id: string, context: RequestContext): Promise<DatasetView | null>
}

export function createLookups(catalogs: Catalogs): Lookups {
  return {
    dataset: async (id, context) => {
      const parsed = parseId(id)
      const [namespace = '', name = ''] = parsed?.parts ?? []
      return parsed?.type === 'Dataset' ? catalogs.dataset({ namespace, name }, context) : null
    },
  }
}

/** `Query`. */
export function queryResolvers(
  catalogs: Catalogs,
  applications: Applications,
  lookups: Lookups,
  config: Config,
): QueryResolvers {
  const maximum = config.gateway.limits.pageSize
  return {
    datasets: async (_, { first, after, where }, context) => {
      const { merged, incomplete } = await catalogs.known(context)
      const records = merged.datasets.flatMap((dataset) => dataset.records)
      const hidden = catalogs.access.visibleOf(context.caller, records.map(guarded)).incomplete
      const all = merged.datasets.map((dataset) => catalogs.view(dataset, incomplete, context))
      // What only hidden catalogs know is hidden.
      const seen = all.filter((view) => view.records.length > 0)
      const matching = where ? seen.filter(datasetFilter(where, config)) : seen
      const missing = incomplete.filter(({ source }) => where?.source == null || where.source === source)
      return pageOf<DatasetView>(matching, byDatasetName, { first, after }, maximum, [...missing, ...hidden])
    },
    dataset: (_, { id }, context) => lookups.dataset(id, context),
    applications: async (_, { first, after, where }, context) => {
      const { all, incomplete: silent } = await applications.known(context)
      const { seen, incomplete: hidden } = applications.seen(all, context)
      const matching = where ? seen.filter(applicationFilter(where)) : seen
      const missing = silent.filter(({ source }) => where?.source == null || where.source === source)
      const incomplete = [...applications.none.anywhere, ...missing, ...hidden]
      return pageOf<ApplicationEntry>(matching, byApplicationName, { first, after }, maximum, incomplete)
    },
    application: (_, { id }, context) => applications.find(id, context),
  }
}
