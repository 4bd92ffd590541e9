import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { modelsRegistry } from '#lib/config/claimed-models.ts'
import { text } from '#lib/config/options.ts'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { sideBySide } from '#lib/side-by-side.ts'
import { eachPage } from '#lib/upstream/pages.ts'
import { REQUESTS_AT_A_TIME } from '#lib/upstream/settings.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { CatalogPort, DatasetList } from '../port.ts'
import { upTo } from '../up-to.ts'
import { tableRecord } from './records.ts'
import { pages } from './wire.ts'

const API = '/api/2.1/unity-catalog'

/** The server gives no more, whatever is asked for. */
const PER_PAGE = 100
/** More pages than any list has: a server that never ends is not followed for ever. */
const MAX_PAGES = 10_000

const options = z
  .object({
    namespace: text()
      .optional()
      .describe(
        'OpenLineage namespace of its tables, as those who write lineage call it. Default: `unitycatalog://` with host and port of `url`.',
      ),
    modelsRegistry: modelsRegistry(),
  })
  .meta({ role: 'catalog', description: 'Unity Catalog OSS.' })

/** Unity Catalog OSS 0.6, by its REST API. */
export const unityCatalog = defineAdapter<CatalogPort, typeof options>({ kind: 'unity-catalog', options, create })

interface Page {
  readonly next_page_token: string | null
}

function create({ source, upstream }: AdapterContext<typeof options>): CatalogPort {
  const namespace = source.namespace ?? `unitycatalog://${new URL(source.url).host}`

  async function readPage<T extends Page>(
    what: keyof typeof pages,
    schema: z.ZodType<T>,
    query: Readonly<Record<string, string | undefined>>,
    call: UpstreamCall,
  ): Promise<T | null> {
    const path = `${API}/${what}`
    const response = await upstream.request(
      { method: 'GET', path, query: { max_results: PER_PAGE, ...query }, accept: [404] },
      call,
    )
    // What it was asked of is gone since it was listed; a wrong address answers in plain text.
    if (response.status === 404 && response.contentType.startsWith('application/json')) return null
    return parsedAnswer(response.json(), schema, { source: source.id, tool: 'Unity Catalog', what })
  }

  /** Reads a list to its end. With authorisation on, pages can be empty and still not be the last. */
  async function readAll<T extends Page>(
    what: keyof typeof pages,
    schema: z.ZodType<T>,
    query: Readonly<Record<string, string>>,
    call: UpstreamCall,
    enough: (page: T) => boolean = () => false,
  ): Promise<T[]> {
    const found: T[] = []
    const list = eachPage<T>({
      ...{ source: source.id, what, maxPages: MAX_PAGES },
      read: (token) => readPage(what, schema, { ...query, page_token: token }, call),
      next: (page) => page.next_page_token,
    })
    for await (const page of list) {
      found.push(page)
      if (enough(page)) break
    }
    return found
  }

  async function datasets(call: UpstreamCall, maxDatasets: number): Promise<DatasetList> {
    const catalogs = (await readAll('catalogs', pages.catalogs, {}, call)).flatMap((page) => page.catalogs)
    const schemas = await sideBySide(catalogs, REQUESTS_AT_A_TIME, async ({ name: catalog }) => {
      const found = await readAll('schemas', pages.schemas, { catalog_name: catalog }, call)
      return found.flatMap((page) => page.schemas.map(({ name }) => ({ catalog, schema: name })))
    })
    let read = 0
    let truncated = false
    const enough = (page: { tables: readonly unknown[] } & Page) => {
      read += page.tables.length
      const full = read >= maxDatasets
      truncated ||= full && page.next_page_token !== null
      return full
    }
    const tables = await sideBySide(schemas.flat(), REQUESTS_AT_A_TIME, async ({ catalog, schema }) => {
      if (read >= maxDatasets) {
        truncated = true
        return []
      }
      const query = { catalog_name: catalog, schema_name: schema }
      return (await readAll('tables', pages.tables, query, call, enough)).flatMap((page) => page.tables)
    })
    const records = tables.flat().map((table) => tableRecord(table, namespace))
    return upTo(maxDatasets, records, truncated)
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    await readPage('catalogs', pages.catalogs, {}, call)
    return {
      version: null,
      can: ['tables with owners, columns and properties'],
      cannot: ['its own version', 'lineage, tags and checks: Unity Catalog OSS has none'],
    }
  }

  return { probe, datasets, tests: false }
}
