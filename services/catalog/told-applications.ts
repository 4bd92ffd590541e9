import type { Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { makeId } from '#lib/ids.ts'
import type { ApplicationEntry } from './applications.ts'
import type { Catalog } from './catalog.ts'
import { claimsOf } from './claims.ts'
import type { ApplicationList } from './port.ts'

/** The applications that one catalog tells. */
export interface ApplicationIndex {
  readonly byAddress: ReadonlyMap<string, ApplicationEntry>
  /** What is not in it, since there is more than may be held. */
  readonly incomplete: readonly Incomplete[]
}

/** Builds the index of the applications that a catalog listed. */
export function buildApplicationIndex(
  catalog: Catalog,
  { applications, truncated }: ApplicationList,
  config: Config,
  fetchedAt: Date,
): ApplicationIndex {
  const source = catalog.id
  const entries = applications.map((record): [string, ApplicationEntry] => {
    const { address, name, kind, description, criticality, webUrl } = record
    const { owners, domain } = claimsOf(record, config)
    return [
      address,
      {
        ...{ id: makeId('Application', source, address), source, name, kind, description, owners, domain },
        ...{ criticality, webUrl, stated: null, told: { catalog, address, fetchedAt } },
      },
    ]
  })
  const message = `${source} has more applications than may be held, so only ${entries.length} are here: raise index.maxDatasets.`
  return {
    byAddress: new Map(entries),
    incomplete: truncated ? [{ source, reason: 'TRUNCATED', message, count: null }] : [],
  }
}
