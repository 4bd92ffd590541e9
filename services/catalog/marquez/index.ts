import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { sideBySide } from '#lib/side-by-side.ts'
import { REQUESTS_AT_A_TIME } from '#lib/upstream/settings.ts'
import type { UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import type { CatalogPort, CheckRecord, ChecksQuestion, DatasetList, LineageEdge, LineageQuestion } from '../port.ts'
import { getOrNull, ofEach } from '../requests.ts'
import { upTo } from '../up-to.ts'
import { checkRecords, datasetRecords, lineageEdges } from './records.ts'
import {
  type Dataset,
  datasetPage,
  lineage as lineageAnswer,
  namespaces as namespacePage,
  versionPage,
} from './wire.ts'

const API = '/api/v1'

/** Datasets come with all their facets: about 10 KB each. */
const DATASETS_PER_PAGE = 500
const NAMESPACES_PER_PAGE = 1_000
/** Versions come newest first, each with the run that made it: about 5 KB each. */
const VERSIONS_PER_PAGE = 100
/** More than are looked through for the one that was current at a moment: what is older is not told. */
const MAX_VERSIONS = 5_000

const options = z.object({}).meta({ role: 'catalog', description: 'Marquez, which collects OpenLineage events.' })

/** Marquez 0.51, by its REST API. */
export const marquez = defineAdapter<CatalogPort, typeof options>({ kind: 'marquez', options, create })

function create({ source, upstream }: AdapterContext<typeof options>): CatalogPort {
  /** null: there is no such thing. */
  function get<T>(
    schema: z.ZodType<T>,
    path: string,
    query: NonNullable<UpstreamRequest['query']>,
    call: UpstreamCall,
    accept: readonly number[] = [],
  ): Promise<T | null> {
    const answered = { source: source.id, tool: 'Marquez', what: path.replace(/.*\//, '') }
    return getOrNull(upstream, { path: `${API}${path}`, query, accept }, schema, answered, call)
  }

  async function readNamespaces(call: UpstreamCall): Promise<string[]> {
    const names: string[] = []
    for (let offset = 0; ; offset += NAMESPACES_PER_PAGE) {
      const page = await get(namespacePage, '/namespaces', { limit: NAMESPACES_PER_PAGE, offset }, call)
      const { namespaces } = page ?? { namespaces: [] }
      // A deleted one is hidden, and answers all the same.
      names.push(...namespaces.filter(({ isHidden }) => !isHidden).map(({ name }) => name))
      if (namespaces.length < NAMESPACES_PER_PAGE) return [...new Set(names)]
    }
  }

  async function readDatasets(namespace: string, call: UpstreamCall, enough: () => boolean): Promise<Dataset[]> {
    const found: Dataset[] = []
    const path = `/namespaces/${encodeURIComponent(namespace)}/datasets`
    for (let offset = 0; !enough(); offset += DATASETS_PER_PAGE) {
      // null: the namespace was deleted a moment ago.
      const { datasets } = (await get(datasetPage, path, { limit: DATASETS_PER_PAGE, offset }, call, [404])) ?? {
        datasets: [],
      }
      found.push(...datasets)
      if (datasets.length < DATASETS_PER_PAGE) break
    }
    return found
  }

  async function datasets(call: UpstreamCall, maxDatasets: number): Promise<DatasetList> {
    let read = 0
    let truncated = false
    const enough = () => {
      truncated ||= read >= maxDatasets
      return truncated
    }
    const lists = await sideBySide(await readNamespaces(call), REQUESTS_AT_A_TIME, async (namespace) => {
      const found = await readDatasets(namespace, call, enough)
      read += found.length
      return found
    })
    return upTo(maxDatasets, datasetRecords(lists.flat()), truncated)
  }

  async function lineageOf({ address, depth }: LineageQuestion, call: UpstreamCall): Promise<LineageEdge[] | null> {
    // Depth counts jobs, from the job that made the dataset: what it reads is at 0, who reads the dataset at 1.
    const answer = await get(lineageAnswer, '/lineage', { nodeId: address, depth }, call, [404])
    return answer && lineageEdges(answer.graph.flatMap((node) => (node.type === 'JOB' ? [node.data] : [])))
  }

  /** Of the version of the data that was current at the moment; null: there was none, or nobody checked it. */
  async function checksAt({ dataset, at }: ChecksQuestion, call: UpstreamCall): Promise<CheckRecord[] | null> {
    const { namespace, name } = dataset
    const path = `/namespaces/${encodeURIComponent(namespace)}/datasets/${encodeURIComponent(name)}/versions`
    for (let offset = 0; offset < MAX_VERSIONS; offset += VERSIONS_PER_PAGE) {
      const page = await get(versionPage, path, { limit: VERSIONS_PER_PAGE, offset }, call, [404])
      const current = page?.versions.find(({ createdAt }) => createdAt !== null && createdAt <= at)
      if (current) return checkRecords(current.facets.dataQualityAssertions)
      if (!page || page.versions.length < VERSIONS_PER_PAGE) break
    }
    return null
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    await get(namespacePage, '/namespaces', { limit: 1 }, call)
    return {
      version: null,
      can: [
        'datasets with owners, tags, columns and checks',
        'lineage with its jobs',
        'checks of former versions of the data',
      ],
      cannot: ['its own version: Marquez does not tell', 'when checks were run: OpenLineage has no time for them'],
    }
  }

  return {
    probe,
    datasets,
    lineage: (questions, call) => ofEach(questions, (question) => lineageOf(question, call)),
    tests: true,
    checksAt: (questions, call) => ofEach(questions, (question) => checksAt(question, call)),
  }
}
