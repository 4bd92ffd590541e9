import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { modelServices } from '#lib/config/claimed-models.ts'
import { text } from '#lib/config/options.ts'
import { sideBySide } from '#lib/side-by-side.ts'
import { eachPage } from '#lib/upstream/pages.ts'
import { REQUESTS_AT_A_TIME } from '#lib/upstream/settings.ts'
import type { UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import type {
  ApplicationList,
  CatalogPort,
  CheckRecord,
  ChecksQuestion,
  DatasetList,
  LineageEdge,
  LineageEnd,
  LineageQuestion,
  NeighboursQuestion,
} from '../port.ts'
import { getOrNull, ofEach } from '../requests.ts'
import { upTo } from '../up-to.ts'
import { neighboursOf, rootsOf } from './neighbours.ts'
import { checksByTable, dashboardRecord, lineageEdges, standingCheck, tableRecord } from './records.ts'
import { lineage as lineageAnswer, pages, results as resultsAnswer, version as versionAnswer } from './wire.ts'

const API = '/api/v1'
const TABLE_FIELDS = 'owners,tags,columns,domains,lifeCycle'
const DASHBOARD_FIELDS = 'owners,tags,domains'
const PER_PAGE = 500
/** More pages than any list has: a server that never ends is not followed for ever. */
const MAX_PAGES = 10_000
/** Steps to a neighbour: between a table and a dashboard, OpenMetadata has its data models and charts. */
const NEIGHBOUR_STEPS = 4
/** How long before a moment a check is looked for that still stood then, in milliseconds, and how many results of it. */
const LOOK_BACK = 90 * 86_400_000
const MAX_RESULTS = 1_000

const options = z
  .object({
    services: z
      .record(z.string(), text())
      .default({})
      .describe(
        'OpenLineage namespace of each database service, such as `{ pg_prod: "postgres://db.example:5432" }`, since OpenMetadata does not tell it. Tables of other services are datasets of their own.',
      ),
    modelServices: modelServices(),
  })
  .meta({ role: 'catalog', description: 'OpenMetadata.' })

/** OpenMetadata 2.0, by its REST API. */
export const openMetadata = defineAdapter<CatalogPort, typeof options>({ kind: 'openmetadata', options, create })

interface Page {
  readonly data: readonly unknown[]
  readonly paging: { readonly after: string | null }
}

function create({ source, upstream, state }: AdapterContext<typeof options>): CatalogPort {
  const { services, modelServices: registryByService } = source

  /** null: there is no such thing. */
  function get<T>(
    schema: z.ZodType<T>,
    path: string,
    query: NonNullable<UpstreamRequest['query']>,
    call: UpstreamCall,
    accept: readonly number[] = [],
  ): Promise<T | null> {
    const answered = { source: source.id, tool: 'OpenMetadata', what: path }
    return getOrNull(upstream, { path: `${API}/${path}`, query, accept }, schema, answered, call)
  }

  async function readAll<T extends Page>(
    schema: z.ZodType<T>,
    path: string,
    fields: string,
    call: UpstreamCall,
    enough: (read: number) => boolean = () => false,
    // Deleted ones too, so that they are known as such.
    include: 'all' | 'non-deleted' = 'all',
  ): Promise<{ pages: T[]; more: boolean }> {
    const found: T[] = []
    const list = eachPage<T>({
      ...{ source: source.id, what: path, maxPages: MAX_PAGES },
      read: (after) => get(schema, path, { fields, limit: PER_PAGE, after, include }, call),
      next: ({ paging }) => paging.after,
    })
    for await (const page of list) {
      found.push(page)
      if (enough(found.reduce((sum, { data }) => sum + data.length, 0)))
        return { pages: found, more: page.paging.after !== null }
    }
    return { pages: found, more: false }
  }

  async function readVersion(call: UpstreamCall): Promise<string | null> {
    const answer = await get(versionAnswer, 'system/version', {}, call, [404])
    if (answer) state.version = answer.version
    return answer?.version ?? null
  }

  async function datasets(call: UpstreamCall, maxDatasets: number): Promise<DatasetList> {
    const [tables, testCases] = await Promise.all([
      readAll(pages.tables, 'tables', TABLE_FIELDS, call, (read) => read >= maxDatasets),
      readAll(pages.testCases, 'dataQuality/testCases', 'testCaseResult', call),
      readVersion(call),
    ])
    const checks = checksByTable(testCases.pages.flatMap(({ data }) => data))
    const records = tables.pages.flatMap(({ data }) =>
      data.map((table) => tableRecord(table, checks.get(table.fullyQualifiedName), services)),
    )
    return upTo(maxDatasets, records, tables.more)
  }

  async function lineageOf(
    { address: fqn, depth }: LineageQuestion,
    call: UpstreamCall,
  ): Promise<LineageEdge[] | null> {
    const query = { fqn, type: 'table', upstreamDepth: depth, downstreamDepth: depth, includeDeleted: 'true' }
    const answer = await get(lineageAnswer, 'lineage/getLineage', query, call, [404])
    return answer && lineageEdges([...answer.upstreamEdges, ...answer.downstreamEdges], services)
  }

  async function applications(call: UpstreamCall, maxApplications: number): Promise<ApplicationList> {
    const enough = (read: number) => read >= maxApplications
    const { pages: read, more } = await readAll(
      ...([pages.dashboards, 'dashboards', DASHBOARD_FIELDS, call, enough, 'non-deleted'] as const),
    )
    const all = read.flatMap(({ data }) => data.map(dashboardRecord))
    return { applications: all.slice(0, maxApplications), truncated: more || all.length > maxApplications }
  }

  async function neighbours(question: NeighboursQuestion, call: UpstreamCall): Promise<LineageEnd[] | null> {
    const { direction } = question
    const [upstreamDepth, downstreamDepth] = direction === 'upstream' ? [NEIGHBOUR_STEPS, 0] : [0, NEIGHBOUR_STEPS]
    const found = await Promise.all(
      rootsOf(question, registryByService).map(async (root) => {
        const query = { ...root, upstreamDepth, downstreamDepth, includeDeleted: 'false' }
        const answer = await get(lineageAnswer, 'lineage/getLineage', query, call, [404])
        const edges = answer && [...answer.upstreamEdges, ...answer.downstreamEdges]
        return edges && neighboursOf(root, edges, direction, services, registryByService)
      }),
    )
    const known = found.flatMap((one) => one ?? [])
    return found.every((one) => one === null) ? null : known
  }

  /** The last result of each check before the moment: one request for each check. */
  async function checksAt({ dataset, at }: ChecksQuestion, call: UpstreamCall): Promise<CheckRecord[] | null> {
    const { checks } = dataset
    if (checks === null) return null
    return sideBySide(checks, REQUESTS_AT_A_TIME, async (check) => {
      const path = `dataQuality/testCases/testCaseResults/${encodeURIComponent(check.address ?? '')}`
      const query = { startTs: at - LOOK_BACK, endTs: at, limit: MAX_RESULTS }
      const answer = check.address === null ? null : await get(resultsAnswer, path, query, call, [404])
      return standingCheck(check, answer?.data ?? [], at)
    })
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const [version] = await Promise.all([readVersion(call), get(pages.tables, 'tables', { limit: 1 }, call)])
    return {
      version,
      can: [
        'tables with owners, tags, columns, domains and checks',
        'lineage between tables and columns',
        'dashboards with owners, domains and what they stand on',
        'former results of checks',
      ],
      cannot: ['what lies outside tables and dashboards: containers and topics are not read'],
    }
  }

  return {
    probe,
    datasets,
    lineage: (questions, call) => ofEach(questions, (question) => lineageOf(question, call)),
    tracesColumns: true,
    tests: true,
    applications: {
      list: applications,
      neighbours: (questions, call) => ofEach(questions, (question) => neighbours(question, call)),
    },
    checksAt: (questions, call) => ofEach(questions, (question) => checksAt(question, call)),
  }
}
