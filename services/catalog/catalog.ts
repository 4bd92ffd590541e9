import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { RecordCache } from '#lib/record-cache.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import { buildIndex, type CatalogIndex } from './catalog-index.ts'
import type {
  CatalogPort,
  CheckRecord,
  ChecksQuestion,
  LineageEdge,
  LineageEnd,
  LineageQuestion,
  NeighboursQuestion,
} from './port.ts'
import { type ApplicationIndex, buildApplicationIndex } from './told-applications.ts'

/** Lineage graphs that are held of one source; one can be of several hundred datasets. */
const MAX_GRAPHS = 500
/** Things of which it is held what stands on them. */
const MAX_NEIGHBOURS = 5_000
/** Moments at which it is held how the checks of a dataset stood: a run, mostly, with a dataset that it read. */
const MAX_MOMENTS = 5_000

/** One catalog as the resolvers read it: its index, and what is asked of it when somebody wants to see it. */
export interface Catalog {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<CatalogPort>
  readonly index: Snapshot<CatalogIndex>
  /** By `lineageKey`. undefined: the tool keeps no lineage. */
  readonly lineage: RecordCache<readonly LineageEdge[]> | undefined
  /** By `checksKey`. undefined: the tool does not keep how checks stood before. */
  readonly checksAt: RecordCache<readonly CheckRecord[]> | undefined
  /** undefined: the tool tells no applications. */
  readonly applications: Snapshot<ApplicationIndex> | undefined
  /** By `neighboursKey`. undefined: the tool tells no applications. */
  readonly neighbours: RecordCache<readonly LineageEnd[]> | undefined
  close(): Promise<void>
}

/** The key of a question in `Catalog.lineage`. */
export const lineageKey = ({ address, depth }: LineageQuestion): string => JSON.stringify([address, depth])

function questionOf(key: string): LineageQuestion {
  const [address, depth] = JSON.parse(key)
  return { address, depth }
}

/** The key of a question in `Catalog.neighbours`. */
export function neighboursKey({ of, direction }: NeighboursQuestion): string {
  return JSON.stringify([of.type, direction, ...(of.type === 'model' ? [of.registry, of.name] : [of.address])])
}

function neighboursQuestionOf(key: string): NeighboursQuestion {
  const [type, direction, one, name] = JSON.parse(key)
  return { of: type === 'model' ? { type, registry: one, name } : { type, address: one }, direction }
}

/** The key of a dataset and a moment, in milliseconds since 1970, in `Catalog.checksAt`. */
export const checksKey = (address: string, at: number): string => JSON.stringify([address, at])

function checksQuestionOf(key: string, index: CatalogIndex): ChecksQuestion | null {
  const [address, at] = JSON.parse(key)
  const dataset = index.recordByAddress.get(address)?.record
  return dataset ? { dataset, at } : null
}

/** Makes a connected source readable. */
export function createCatalog(connected: ConnectedSource<CatalogPort>, config: Config, log: Logger): Catalog {
  const { id, port, upstream } = connected
  const { maxDatasets, ...freshness } = config.index
  const list = connected.share('datasets', (call) => port.datasets(call, maxDatasets))
  const index = new Snapshot<CatalogIndex>({
    ...{ ...freshness, source: id, log },
    load: async (call) => {
      const { value, ...when } = await list(call)
      return { value: buildIndex(catalog, value, config, when.fetchedAt), ...when }
    },
  })
  const ask = port.lineage
  const lineage =
    ask &&
    new RecordCache<readonly LineageEdge[]>({
      ...{ ...freshness, source: id, log, maxRecords: MAX_GRAPHS },
      load: (keys, call) => ask(keys.map(questionOf), call),
    })
  const askChecks = port.checksAt
  const checksAt =
    askChecks &&
    new RecordCache<readonly CheckRecord[]>({
      ...{ ...freshness, source: id, log, maxRecords: MAX_MOMENTS },
      load: async (keys, call) => {
        // Which checks a dataset has stands in the index.
        const { value, failure } = await index.read(call)
        if (!value) throw failure ?? new Error('an index without a value has a failure')
        const questions = keys.map((key) => checksQuestionOf(key, value))
        const answers = (
          await askChecks(
            questions.flatMap((one) => one ?? []),
            call,
          )
        ).values()
        return questions.map((one) => (one === null ? null : (answers.next().value ?? null)))
      },
    })
  const told = port.applications
  const listApplications = told && connected.share('applications', (call) => told.list(call, maxDatasets))
  const applications =
    listApplications &&
    new Snapshot<ApplicationIndex>({
      ...{ ...freshness, source: id, log },
      load: async (call) => {
        const { value, ...when } = await listApplications(call)
        return { value: buildApplicationIndex(catalog, value, config, when.fetchedAt), ...when }
      },
    })
  const neighbours =
    told &&
    new RecordCache<readonly LineageEnd[]>({
      ...{ ...freshness, source: id, log, maxRecords: MAX_NEIGHBOURS },
      load: (keys, call) => told.neighbours(keys.map(neighboursQuestionOf), call),
    })
  const catalog: Catalog = {
    ...{ id, connected, index, lineage, checksAt, applications, neighbours },
    source: sourceRecord('CatalogSource', connected),
    close: async () => {
      await Promise.all([index, lineage, checksAt, applications, neighbours].map((one) => one?.close()))
      await upstream.close()
    },
  }
  return catalog
}
