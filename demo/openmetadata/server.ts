import type { Handler, Reply } from '../stand-in.ts'
import { lineageGraph } from './lineage.ts'
import type { EntitySpec, OpenMetadataData, TestCaseSpec } from './spec.ts'

/** What things of each type have beside their own fields, each only when asked for. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  tables: ['owners', 'tags', 'columns', 'domains', 'dataProducts', 'followers', 'testSuite', 'lifeCycle'],
  dashboards: ['owners', 'tags', 'domains', 'charts', 'dataModels', 'followers', 'dataProducts'],
  mlmodels: ['owners', 'tags', 'domains', 'mlFeatures', 'mlHyperParameters', 'mlStore', 'server', 'dashboard'],
}

/** What every thing of a type has. */
const DEFAULTS: Readonly<Record<string, object>> = {
  tables: { deleted: false, entityStatus: 'Unprocessed' },
  dashboards: { deleted: false },
  mlmodels: { deleted: false },
}

/** Types as lineage calls them, and as routes do. */
const ROUTES: Readonly<Record<string, 'tables' | 'dashboards' | 'mlmodels'>> = {
  table: 'tables',
  dashboard: 'dashboards',
  mlmodel: 'mlmodels',
}

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

function answer(data: OpenMetadataData, route: string, query: URLSearchParams): Reply {
  const [type = '', fqn] = route.split('/name/', 2)
  if (type in FIELDS)
    return fqn === undefined ? list(data, type, query) : byName(data, type, decodeURIComponent(fqn), query)
  const [, check] = /^dataQuality\/testCases\/testCaseResults\/(.+)$/s.exec(route) ?? []
  const { testCases = [] } = data
  if (check !== undefined) return resultsOf(testCases, decodeURIComponent(check), query)
  if (route === 'dataQuality/testCases') {
    const link = query.get('entityLink')
    // Of a table with `includeAllTests`: also those of its columns.
    const wanted = testCases.filter(({ entityLink }) => link === null || entityLink.startsWith(link.slice(0, -1)))
    const { data: shown, paging } = page(wanted, query, ({ name }) => name)
    return json({ data: shown.map(testCaseWire), paging })
  }
  if (route === 'lineage/getLineage') {
    const [type = 'table', root] = [query.get('type') ?? undefined, query.get('fqn') ?? '']
    if (!thingsOf(data, ROUTES[type] ?? '').some(({ fullyQualifiedName }) => fullyQualifiedName === root))
      return missing(type, root)
    const depth = (name: string) => Number(query.get(name) ?? 1)
    return json(
      lineageGraph(data, { type, fullyQualifiedName: root }, depth('upstreamDepth'), depth('downstreamDepth')),
    )
  }
  return problem(404, 'HTTP 404 Not Found')
}

const thingsOf = (data: OpenMetadataData, type: string): readonly EntitySpec[] =>
  data[type as 'tables' | 'dashboards' | 'mlmodels'] ?? []

/** Deleted things are there only for those who ask for them. */
function list(data: OpenMetadataData, type: string, query: URLSearchParams): Reply {
  return withFields(type, query, (fields) => {
    const include = query.get('include') ?? 'non-deleted'
    const there = thingsOf(data, type).filter(
      ({ deleted = false }) => include === 'all' || deleted === (include === 'deleted'),
    )
    const { data: shown, paging } = page(there, query, nameOf)
    return json({ data: shown.map((thing) => wireOf(type, thing, fields)), paging })
  })
}

function byName(data: OpenMetadataData, type: string, fqn: string, query: URLSearchParams): Reply {
  const found = thingsOf(data, type).find(({ fullyQualifiedName }) => fullyQualifiedName === fqn)
  if (!found) return missing(type.slice(0, -1), fqn)
  return withFields(type, query, (fields) => json(wireOf(type, found, fields)))
}

/** The newest first, as the composed answer has them. */
function resultsOf(testCases: readonly TestCaseSpec[], fqn: string, query: URLSearchParams): Reply {
  const found = testCases.find((one) => checkName(one) === fqn)
  if (!found) return missing('testCase', fqn)
  const [from, to] = [Number(query.get('startTs') ?? 0), Number(query.get('endTs') ?? Number.POSITIVE_INFINITY)]
  const data = (found.results ?? [found.testCaseResult ?? []].flat())
    .filter(({ timestamp }) => from <= timestamp && timestamp <= to)
    .toSorted((a, b) => b.timestamp - a.timestamp)
  return json({ data: data.slice(0, Number(query.get('limit') ?? data.length)), paging: { total: data.length } })
}

function testCaseWire(testCase: TestCaseSpec): object {
  const { results = [], ...shown } = testCase
  const last = results.toSorted((a, b) => b.timestamp - a.timestamp)[0]
  return { ...(last && { testCaseResult: last }), ...shown, fullyQualifiedName: checkName(testCase) }
}

/** `<table>.<column>.<name>`. */
function checkName({ name, entityLink, fullyQualifiedName }: TestCaseSpec): string {
  const [, of = '', column] = /^<#E::\w+::(.+?)(?:::columns::(.+))?>$/s.exec(entityLink) ?? []
  return fullyQualifiedName ?? [of, column, name].filter((part) => part !== undefined).join('.')
}

/** A field that this version does not know is refused. */
function withFields(type: string, query: URLSearchParams, then: (fields: readonly string[]) => Reply): Reply {
  const fields = query.get('fields')?.split(',') ?? []
  const unknown = fields.find((field) => !FIELDS[type]?.includes(field))
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

function wireOf(type: string, thing: EntitySpec, fields: readonly string[]): object {
  const shown = Object.entries(thing).filter(([field]) => fields.includes(field) || !FIELDS[type]?.includes(field))
  return { name: nameOf(thing), ...DEFAULTS[type], ...Object.fromEntries(shown) }
}

/** The last part of a fully qualified name. */
const nameOf = ({ fullyQualifiedName }: EntitySpec): string =>
  /"([^"]*)"$|([^.]*)$/.exec(fullyQualifiedName)?.slice(1).find(Boolean) ?? ''

const json = (value: object, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const problem = (code: number, message: string): Reply => json({ code, message }, code)
const missing = (type: string, fqn: string): Reply => problem(404, `${type} instance for ${fqn} not found`)
