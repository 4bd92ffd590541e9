/** A column in the server's own form, as far as it is set. */
export interface ColumnSpec {
  name: string
  type_text: string
  type_name?: string
  comment?: string | null
  nullable?: boolean
  /** What Spark attached to it: it is kept inside `type_json`. */
  metadata?: Readonly<Record<string, unknown>>
  /** Instead of what is made from the rest. */
  type_json?: string
  type_precision?: number | null
  type_scale?: number | null
  partition_index?: number | null
}

/** A table in the server's own form; what is left out is null. Times are milliseconds since 1970. */
export interface TableSpec {
  name: string
  columns?: readonly ColumnSpec[]
  table_type?: 'EXTERNAL' | 'MANAGED'
  data_source_format?: string
  storage_location: string
  comment?: string | null
  properties?: Readonly<Record<string, string>>
  owner?: string | null
  created_at: number
  updated_at?: number
  table_id?: string
}

/** A registered model in the server's own form; what is left out is null. */
export interface ModelSpec {
  name: string
  comment?: string | null
  owner?: string | null
  storage_location?: string
  created_at: number
  updated_at?: number
  id?: string
}

export interface SchemaSpec {
  name: string
  comment?: string | null
  created_at: number
  schema_id?: string
  tables?: readonly TableSpec[]
  models?: readonly ModelSpec[]
}

export interface CatalogSpec {
  name: string
  comment?: string | null
  properties?: Readonly<Record<string, string>>
  created_at: number
  updated_at?: number | null
  id?: string
  schemas?: readonly SchemaSpec[]
}

/** What one bearer token may do: everything, or what is granted. */
export type Grants =
  | 'admin'
  | {
      /** Names of catalogs with USE CATALOG, and of `catalog.schema` with USE SCHEMA. */
      readonly use: readonly string[]
      /** Full names of tables with SELECT. */
      readonly select: readonly string[]
    }
