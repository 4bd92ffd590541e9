import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { canonicalId, parseId } from '#lib/ids.ts'
import { pageOf } from '#lib/page.ts'
import { type ApplicationEntry, type Applications, byApplicationName } from '../applications.ts'
import type { Catalogs } from '../catalogs.ts'
import { type DatasetView, guarded } from '../dataset-view.ts'
import { applicationFilter, datasetFilter } from '../filters.ts'
import { byDatasetName } from '../merge.ts'
import type { QueryResolvers } from '../schema.generated.ts'

/** The look-ups by id that root fields and references share. */
export interface Lookups {
  /** null: the id is none of a dataset. */
  dataset(id: string, context: RequestContext): Promise<DatasetView | null>
  application(id: string, context: RequestContext): ApplicationEntry | null
}

export function createLookups(
  catalogs: Catalogs,
  applications: Applications,
  renamed: ReadonlyMap<string, string>,
): Lookups {
  return {
    dataset: async (id, context) => {
      const parsed = parseId(id)
      const [namespace = '', name = ''] = parsed?.parts ?? []
      return parsed?.type === 'Dataset' ? catalogs.dataset({ namespace, name }, context) : null
    },
    application: (id, context) => {
      const found = applications.byId.get(canonicalId('Application', id, renamed) ?? '')
      return found && applications.mayBeSeen(found, context.caller) ? found : null
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
    applications: (_, { first, after, where }, context) => {
      const { seen, incomplete } = applications.seen(applications.all, context.caller)
      const matching = where ? seen.filter(applicationFilter(where)) : seen
      return pageOf(matching, byApplicationName, { first, after }, maximum, [...applications.incomplete, ...incomplete])
    },
    application: (_, { id }, context) => lookups.application(id, context),
  }
}
