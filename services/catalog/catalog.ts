import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { RecordCache } from '#lib/record-cache.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import { buildIndex, type CatalogIndex } from './catalog-index.ts'
import type { CatalogPort, LineageEdge, LineageQuestion } from './port.ts'

/** Lineage graphs that are held of one source; one can be of several hundred datasets. */
const MAX_GRAPHS = 500

/** One catalog as the resolvers read it: its index, and the lineage around datasets, by `lineageKey`. */
export interface Catalog {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<CatalogPort>
  readonly index: Snapshot<CatalogIndex>
  /** undefined: the tool keeps no lineage. */
  readonly lineage: RecordCache<readonly LineageEdge[]> | undefined
  close(): Promise<void>
}

/** The key of a question in `Catalog.lineage`. */
export const lineageKey = ({ address, depth }: LineageQuestion): string => JSON.stringify([address, depth])

function questionOf(key: string): LineageQuestion {
  const [address, depth] = JSON.parse(key)
  return { address, depth }
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
  const catalog: Catalog = {
    ...{ id, connected, index, lineage },
    source: sourceRecord('CatalogSource', connected),
    close: async () => {
      await Promise.all([index.close(), lineage?.close()])
      await upstream.close()
    },
  }
  return catalog
}
