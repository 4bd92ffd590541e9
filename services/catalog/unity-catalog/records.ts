import { datasetNameOf } from '#lib/dataset-name.ts'
import type { ColumnRecord, DatasetRecord } from '../port.ts'
import { sparkField, type Table } from './wire.ts'

/** A table under the name of its three levels; where its files lie is another name of it. */
export function tableRecord(table: Table, namespace: string): DatasetRecord {
  const { catalog_name: catalog, schema_name: schema, name, storage_location: location, owner } = table
  // No level can have a dot in its name.
  const fullName = `${catalog}.${schema}.${name}`
  const place = location === null ? undefined : datasetNameOf(location)
  return {
    ...{ namespace, name: fullName, address: fullName, domain: null, deprecated: null },
    aliases: place
      ? [{ namespace: place.namespace, name: place.name, evidence: `storage location of ${fullName}` }]
      : [],
    displayName: fullName,
    description: table.comment,
    owners: owner === null ? null : [{ name: owner, kind: 'UNKNOWN', evidence: `owner of ${fullName}` }],
    // There are no tags: properties are all that people can set.
    classifications: [],
    tags: table.properties,
    columns: table.columns?.map(columnRecord) ?? null,
    deleted: null,
    updatedAt: table.updated_at,
    dataUpdatedAt: null,
    checks: null,
  }
}

function columnRecord({ name, type_text, type_json, comment }: NonNullable<Table['columns']>[number]): ColumnRecord {
  return {
    ...{ name, dataType: type_text, description: comment, classifications: [], sources: null },
    tags: metadataOf(type_json).map(([key, value]) => ({ key, value: String(value) })),
  }
}

function metadataOf(typeJson: string | null): [string, unknown][] {
  try {
    const { metadata = {} } = sparkField.parse(JSON.parse(typeJson ?? '{}'))
    return Object.entries(metadata).filter(([, value]) => typeof value !== 'object')
  } catch {
    return []
  }
}
