import type { Handler, Reply } from '../stand-in.ts'
import { lineageGraph } from './lineage.ts'
import type { OpenMetadataData, TableSpec } from './spec.ts'

/** What a table has beside its own fields, each only when asked for. */
const FIELDS = ['owners', 'tags', 'columns', 'domains', 'dataProducts', 'followers', 'testSuite']

const VERSION = { version: '2.0.7', revision: '0'.repeat(40), timestamp: 1_795_000_000_000 }

/** Answers as OpenMetadata 2.0 does by its schemas. */
export function openMetadata(data: OpenMetadataData, token: string): Handler {
  return ({ method, path, headers }) => {
    const [address = '', text = ''] = path.split(/\?(.*)/s, 2)
    const query = new URLSearchParams(text)
    const [, route = ''] = /^\/api\/v1\/(.+)$/s.exec(address) ?? []
    if (method !== 'GET') return problem(404, 'HTTP 404 Not Found')
    // The version is told to everybody.
    if (route === 'system/version') return json(VERSION)
    if (headers.authorization === undefined) return problem(401, 'Not Authorized! Token not present')
    if (headers.authorization !== `Bearer ${token}`) return problem(401, 'Expired token!')
    return answer(data, route, query)
  }
}

function answer(
  { tables = [], testCases = [], ...rest }: OpenMetadataData,
  route: string,
  query: URLSearchParams,
): Reply {
  if (route === 'tables') return listTables(tables, query)
  if (route.startsWith('tables/name/')) {
    const fqn = decodeURIComponent(route.slice('tables/name/'.length))
    const table = tables.find(({ fullyQualifiedName }) => fullyQualifiedName === fqn)
    return table ? withFields(query, (fields) => json(tableWire(table, fields))) : missing(fqn)
  }
  if (route === 'dataQuality/testCases') {
    const link = query.get('entityLink')
    // Of a table with `includeAllTests`: also those of its columns.
    const wanted = testCases.filter(({ entityLink }) => link === null || entityLink.startsWith(link.slice(0, -1)))
    return json(page(wanted, query, ({ name }) => name))
  }
  if (route === 'lineage/getLineage') {
    const fqn = query.get('fqn') ?? ''
    if (!tables.some(({ fullyQualifiedName }) => fullyQualifiedName === fqn)) return missing(fqn)
    const depth = (name: string) => Number(query.get(name) ?? 1)
    return json(lineageGraph({ ...rest, tables }, fqn, depth('upstreamDepth'), depth('downstreamDepth')))
  }
  return problem(404, 'HTTP 404 Not Found')
}

function listTables(tables: readonly TableSpec[], query: URLSearchParams): Reply {
  return withFields(query, (fields) => {
    const { data, paging } = page(tables, query, (table) => nameOf(table))
    return json({ data: data.map((table) => tableWire(table, fields)), paging })
  })
}

/** A field that this version does not know is refused. */
function withFields(query: URLSearchParams, then: (fields: readonly string[]) => Reply): Reply {
  const fields = query.get('fields')?.split(',') ?? []
  const unknown = fields.find((field) => !FIELDS.includes(field))
  return unknown === undefined ? then(fields) : problem(400, `Invalid field name ${unknown}`)
}

/** The cursor holds the name of the last item of the page before. */
function page<T>(items: readonly T[], query: URLSearchParams, name: (item: T) => string) {
  const limit = Number(query.get('limit') ?? 10)
  const after = query.get('after')
  const last = after === null ? undefined : JSON.parse(Buffer.from(after, 'base64').toString()).name
  const start = last === undefined ? 0 : items.findIndex((item) => name(item) === last) + 1
  const data = items.slice(start, start + limit)
  const cursor = (item: T | undefined) =>
    item === undefined ? undefined : Buffer.from(JSON.stringify({ name: name(item) })).toString('base64')
  // Undefined is left out of JSON.
  const [before, next] = [start > 0 ? data[0] : undefined, start + limit < items.length ? data.at(-1) : undefined]
  return { data, paging: { before: cursor(before), after: cursor(next), total: items.length } }
}

function tableWire(table: TableSpec, fields: readonly string[]): object {
  const shown = Object.entries(table).filter(([field]) => fields.includes(field) || !FIELDS.includes(field))
  return { name: nameOf(table), deleted: false, entityStatus: 'Unprocessed', ...Object.fromEntries(shown) }
}

/** The last part of a fully qualified name. */
const nameOf = ({ fullyQualifiedName }: TableSpec): string =>
  /"([^"]*)"$|([^.]*)$/.exec(fullyQualifiedName)?.slice(1).find(Boolean) ?? ''

const json = (value: object, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const problem = (code: number, message: string): Reply => json({ code, message }, code)
const missing = (fqn: string): Reply => problem(404, `table instance for ${fqn} not found`)
