import { createHash } from 'node:crypto'
import type { CatalogSpec, ColumnSpec, ModelSpec, SchemaSpec, TableSpec } from './spec.ts'

/** A table with where it is. */
export interface Placed extends TableSpec {
  catalog: string
  schema: string
}

const NOBODY = { created_by: null, updated_by: null }
const NO_STORAGE = { storage_root: null, storage_location: null }

export function catalogWire({ name, comment = null, properties = {}, created_at, ...rest }: CatalogSpec) {
  const updated_at = rest.updated_at === undefined ? created_at : rest.updated_at
  const id = rest.id ?? uuid(name)
  return { name, comment, properties, owner: null, created_at, updated_at, ...NOBODY, id, ...NO_STORAGE }
}

export function schemaWire(catalog: string, { name, comment = null, created_at, ...rest }: SchemaSpec) {
  const full_name = `${catalog}.${name}`
  const schema_id = rest.schema_id ?? uuid(full_name)
  const times = { created_at, updated_at: created_at, ...NOBODY }
  return {
    name,
    catalog_name: catalog,
    comment,
    properties: {},
    full_name,
    owner: null,
    ...times,
    schema_id,
    ...NO_STORAGE,
  }
}

export function modelWire(catalog: string, schema: string, { name, created_at, ...model }: ModelSpec) {
  const full_name = `${catalog}.${schema}.${name}`
  const id = model.id ?? uuid(full_name)
  return {
    ...{ name, catalog_name: catalog, schema_name: schema },
    storage_location: model.storage_location ?? `file:///srv/uc/models/__unitystorage/models/${id}`,
    ...{ full_name, comment: model.comment ?? null, owner: model.owner ?? null },
    ...{ created_at, created_by: null, updated_at: model.updated_at ?? created_at, updated_by: null, id },
  }
}

export function tableWire({ catalog, schema, columns = [], created_at, ...table }: Placed) {
  return {
    ...{ name: table.name, catalog_name: catalog, schema_name: schema, table_type: table.table_type ?? 'EXTERNAL' },
    ...{ data_source_format: table.data_source_format ?? 'DELTA', columns: columns.map(columnWire) },
    ...{ storage_location: table.storage_location, comment: table.comment ?? null },
    ...{ properties: table.properties ?? {}, owner: table.owner ?? null },
    ...{ created_at, updated_at: table.updated_at ?? created_at, ...NOBODY },
    table_id: table.table_id ?? uuid(`${catalog}.${schema}.${table.name}`),
    ...{ view_definition: null, view_dependencies: null },
  }
}

function columnWire({ metadata = {}, nullable = true, ...column }: ColumnSpec, position: number) {
  const { name, type_text } = column
  return {
    ...{
      name,
      type_text,
      type_json: column.type_json ?? JSON.stringify({ name, type: type_text, nullable, metadata }),
    },
    type_name: column.type_name ?? type_text.toUpperCase(),
    ...{ type_precision: column.type_precision ?? null, type_scale: column.type_scale ?? null },
    ...{ type_interval_type: null, position, comment: column.comment ?? null, nullable },
    partition_index: column.partition_index ?? null,
  }
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
