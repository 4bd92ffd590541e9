import type { Handler, Reply, StandInRequest } from '../stand-in.ts'
import { page } from './paging.ts'
import { absent, invalid, json, plain, Refusal } from './replies.ts'
import type { CatalogSpec, Grants, SchemaSpec, TableSpec } from './spec.ts'
import { catalogWire, modelWire, schemaWire, tableWire } from './wire.ts'

const API = '/api/2.1/unity-catalog'

/** What the server holds and who may see it. */
export interface ServerOptions {
  readonly catalogs: readonly CatalogSpec[]
  /** Absent: `server.authorization` is off, as by default. */
  readonly tokens?: Readonly<Record<string, Grants>>
  readonly metastoreId: string
}

/** Answers as Unity Catalog OSS 0.6.0 does. */
export function unityCatalog(options: ServerOptions): Handler {
  const deleted = new Set<string>()
  return (request) => {
    try {
      return answer(options, deleted, request)
    } catch (error) {
      if (error instanceof Refusal) return error.reply()
      throw error
    }
  }
}

function answer(options: ServerOptions, deleted: Set<string>, request: StandInRequest): Reply {
  const grants = grantsOf(options, request)
  const [path = '', text = ''] = request.path.split(/\?(.*)/s, 2)
  const query = new URLSearchParams(text)
  const [, what, name] = new RegExp(`^${API}/(\\w+)(?:/([^/]+))?$`).exec(path) ?? []
  const { catalogs } = options
  if (request.method === 'DELETE' && what === 'tables' && name !== undefined) {
    const { fullName } = findTable(catalogs, deleted, decodeURIComponent(name))
    deleted.add(fullName)
    return plain(200, '200 OK')
  }
  if (request.method !== 'GET') return NOT_FOUND
  if (what === 'tables' && name !== undefined) {
    const { table, fullName, catalog, schema } = findTable(catalogs, deleted, decodeURIComponent(name))
    if (!maySelect(grants, fullName)) throw new Refusal(403, 'PERMISSION_DENIED', 'Access denied.')
    return json(tableWire({ ...table, catalog, schema }))
  }
  if (name !== undefined) return NOT_FOUND
  if (what === 'catalogs') return listCatalogs(catalogs, grants, query)
  if (what === 'schemas') return listSchemas(findCatalog(catalogs, required(query, 'catalog_name')), grants, query)
  if (what === 'tables') return listTables(catalogs, deleted, grants, query)
  if (what === 'models') return listModels(catalogs, grants, query)
  if (what === 'metastore_summary') return json({ metastore_id: options.metastoreId })
  return NOT_FOUND
}

/** A route that the server does not have. */
const NOT_FOUND = plain(404, 'Status: 404\nDescription: Not Found\n')

function grantsOf({ tokens }: ServerOptions, { headers }: StandInRequest): Grants {
  if (!tokens) return 'admin'
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
  if (token === undefined) throw new Refusal(401, 'UNAUTHENTICATED', 'No authorization found.')
  const grants = Object.hasOwn(tokens, token) ? tokens[token] : undefined
  if (!grants) throw new Refusal(401, 'UNAUTHENTICATED', 'Invalid access token.')
  return grants
}

function listCatalogs(catalogs: readonly CatalogSpec[], grants: Grants, query: URLSearchParams): Reply {
  const { shown, next_page_token } = page(catalogs, query, ({ name }) => mayUse(grants, name))
  return json({ catalogs: shown.map(catalogWire), next_page_token })
}

function listSchemas({ name: catalog, schemas = [] }: CatalogSpec, grants: Grants, query: URLSearchParams): Reply {
  const { shown, next_page_token } = page(schemas, query, ({ name }) => mayUse(grants, `${catalog}.${name}`))
  return json({ schemas: shown.map((schema) => schemaWire(catalog, schema)), next_page_token })
}

function listTables(
  catalogs: readonly CatalogSpec[],
  deleted: ReadonlySet<string>,
  grants: Grants,
  query: URLSearchParams,
): Reply {
  const [catalog, schema] = [required(query, 'catalog_name'), required(query, 'schema_name')]
  const { tables = [] } = findSchema(findCatalog(catalogs, catalog), schema)
  const there = tables.filter(({ name }) => !deleted.has(`${catalog}.${schema}.${name}`))
  const { shown, next_page_token } = page(there, query, ({ name }) => maySelect(grants, `${catalog}.${schema}.${name}`))
  return json({ tables: shown.map((table) => tableWire({ ...table, catalog, schema })), next_page_token })
}

/** Without parameters, those of all catalogs. */
function listModels(catalogs: readonly CatalogSpec[], grants: Grants, query: URLSearchParams): Reply {
  const [catalogName, schemaName] = [query.get('catalog_name'), query.get('schema_name')]
  const wanted = catalogName === null ? catalogs : [findCatalog(catalogs, catalogName)]
  const models = wanted
    .flatMap((catalog) => (catalog.schemas ?? []).map((schema) => ({ catalog: catalog.name, schema })))
    .filter(({ schema }) => schemaName === null || schema.name === schemaName)
    .flatMap(({ catalog, schema }) => (schema.models ?? []).map((model) => modelWire(catalog, schema.name, model)))
  const { shown, next_page_token } = page(
    models,
    query,
    ({ catalog_name, schema_name }) => mayUse(grants, catalog_name) && mayUse(grants, `${catalog_name}.${schema_name}`),
  )
  return json({ registered_models: shown, next_page_token })
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name)
  if (value === null) throw invalid(`Mandatory parameter/header is missing: ${name}`)
  return value
}

function findCatalog(catalogs: readonly CatalogSpec[], name: string): CatalogSpec {
  const catalog = catalogs.find((one) => one.name === name)
  if (!catalog) throw absent('Catalog', name)
  return catalog
}

function findSchema({ name: catalog, schemas = [] }: CatalogSpec, name: string): SchemaSpec {
  const schema = schemas.find((one) => one.name === name)
  if (!schema) throw absent('Schema', `${catalog}.${name}`)
  return schema
}

interface Found {
  table: TableSpec
  catalog: string
  schema: string
  fullName: string
}

/** Names split at dots, since none can have one; case counts, and quotes are part of a name. */
function findTable(catalogs: readonly CatalogSpec[], deleted: ReadonlySet<string>, fullName: string): Found {
  const [catalog = '', schema = '', name = '', ...more] = fullName.split('.')
  if (name === '' || more.length > 0) throw invalid(`Invalid table name: ${fullName}`)
  const table = findSchema(findCatalog(catalogs, catalog), schema).tables?.find((one) => one.name === name)
  if (!table || deleted.has(fullName)) throw absent('Table', fullName)
  return { table, catalog, schema, fullName }
}

function mayUse(grants: Grants, name: string): boolean {
  return grants === 'admin' || grants.use.includes(name)
}

/** SELECT alone is not enough. */
function maySelect(grants: Grants, fullName: string): boolean {
  const [catalog = '', schema = ''] = fullName.split('.')
  const granted = grants === 'admin' || grants.select.includes(fullName)
  return granted && mayUse(grants, catalog) && mayUse(grants, `${catalog}.${schema}`)
}
