import type { Config } from '#lib/config/schema.ts'
import type { ApplicationEntry } from './applications.ts'
import type { DatasetView } from './dataset-view.ts'
import { disagreementsOf, firstTold, mergedClassifications, mergedColumns } from './merged-fields.ts'
import type { ApplicationFilter, DatasetFilter } from './schema.generated.ts'

/** What a filter asks of a dataset: every part that is given must hold. */
export function datasetFilter(where: DatasetFilter, config: Config): (dataset: DatasetView) => boolean {
  const classification = where.classification?.toLowerCase() ?? undefined
  return ({ namespace, name, records }) => {
    const texts = records.flatMap(({ record }) => [record.displayName, record.description])
    const columns = () => mergedColumns(records, config) ?? []
    const words = () => [
      ...(mergedClassifications(records) ?? []),
      ...columns().flatMap(({ classifications }) => classifications),
    ]
    return (
      (where.search == null || contains(where.search, [namespace, name, ...texts])) &&
      (where.namespace == null || where.namespace === namespace) &&
      (where.source == null || records.some(({ source }) => source === where.source)) &&
      (where.owner == null ||
        (firstTold(records, ({ claims }) => claims.owners)?.some((owner) => owner.name === where.owner) ?? false)) &&
      (where.domain == null || firstTold(records, ({ claims }) => claims.domain) === where.domain) &&
      (classification === undefined || words().some((word) => isOrIsPartOf(word.toLowerCase(), classification))) &&
      (where.column == null || columns().some((column) => column.name === where.column)) &&
      (where.disputed == null || where.disputed === disagreementsOf(records).length > 0)
    )
  }
}

/** What a filter asks of an application. */
export function applicationFilter(where: ApplicationFilter): (application: ApplicationEntry) => boolean {
  return ({ name, description, owners, domain, source }) =>
    (where.source == null || where.source === source) &&
    (where.search == null || contains(where.search, [name, description])) &&
    (where.owner == null || (owners?.some((owner) => owner.name === where.owner) ?? false)) &&
    (where.domain == null || where.domain === domain)
}

/** OpenMetadata writes a tag with its classification before it: PII.Sensitive. */
function isOrIsPartOf(word: string, classification: string): boolean {
  return word === classification || word.startsWith(`${classification}.`)
}

function contains(wanted: string, texts: readonly (string | null)[]): boolean {
  const text = wanted.toLowerCase()
  return texts.some((one) => one?.toLowerCase().includes(text) ?? false)
}
