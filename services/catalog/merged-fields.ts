import type { Config } from '#lib/config/schema.ts'
import type { RecordEntry } from './catalog-index.ts'
import { columnClassifications, uniqueWords } from './claims.ts'
import type { ColumnRecord } from './port.ts'
import type { CatalogStatement, DatasetDisagreement, DisputedField } from './schema.generated.ts'

/** What the first catalog that tells says; null: none does. */
export function firstTold<T>(records: readonly RecordEntry[], told: (record: RecordEntry) => T | null): T | null {
  for (const record of records) {
    const value = told(record)
    if (value !== null) return value
  }
  return null
}

/** A column whose classifications are read as the configuration has it. */
export interface ColumnEntry extends Omit<ColumnRecord, 'tags'> {
  /** What catalogs say of the dataset that has it. */
  readonly of: readonly RecordEntry[]
}

/** The columns of the first catalog that tells them; what the others know of the same names is added. */
export function mergedColumns(records: readonly RecordEntry[], config: Config): ColumnEntry[] | null {
  const columns = firstTold(records, ({ record }) => record.columns)
  const byName = Map.groupBy(
    records.flatMap(({ record }) => record.columns ?? []),
    ({ name }) => name,
  )
  return (
    columns?.map((column) => {
      const said = byName.get(column.name) ?? []
      const told = <T>(field: (one: ColumnRecord) => T | null) =>
        said.map(field).find((value) => value !== null) ?? null
      return {
        ...column,
        of: records,
        dataType: told(({ dataType }) => dataType),
        description: told(({ description }) => description),
        sources: told(({ sources }) => sources),
        classifications: uniqueWords(said.flatMap((one) => columnClassifications(one, config))),
      }
    }) ?? null
  )
}

/** What kind of data it holds, by all catalogs; null: none knows it. */
export function mergedClassifications(records: readonly RecordEntry[]): string[] | null {
  return records.length === 0 ? null : uniqueWords(records.flatMap(({ claims }) => claims.classifications))
}

/** What catalogs can disagree about, as text; null: it does not tell. */
const DISPUTED: Readonly<Record<DisputedField, (record: RecordEntry) => readonly string[] | null>> = {
  OWNERS: ({ claims }) => claims.owners?.map(({ name }) => name) ?? null,
  DOMAIN: ({ claims }) => (claims.domain === null ? null : [claims.domain]),
  CLASSIFICATIONS: ({ claims }) => claims.classifications,
  COLUMNS: ({ record }) => record.columns?.map(({ name }) => name) ?? null,
  DEPRECATED: ({ claims }) => (claims.deprecated === null ? null : [String(claims.deprecated)]),
}

/** Where catalogs say different things. Case and order do not count. */
export function disagreementsOf(records: readonly RecordEntry[]): DatasetDisagreement[] {
  return disputedFields.flatMap((field) => {
    const told = records.flatMap((record): CatalogStatement[] => {
      const words = DISPUTED[field](record)
      return words === null ? [] : [{ catalogId: record.source, value: words.toSorted().join(', ') }]
    })
    const different = new Set(told.map(({ value }) => value.toLowerCase())).size > 1
    return different ? [{ field, told }] : []
  })
}

const disputedFields: readonly DisputedField[] = ['OWNERS', 'DOMAIN', 'CLASSIFICATIONS', 'COLUMNS', 'DEPRECATED']
