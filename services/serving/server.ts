import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import type { ServingPort } from './port.ts'
import { buildIndex, type ServerIndex } from './server-index.ts'

/** One serving source as the resolvers read it. */
export interface Server {
  readonly id: string
  readonly source: SourceRecord
  /** Id of the registry whose models alone it serves, by its configuration. null: it may serve those of any. */
  readonly registry: string | null
  readonly connected: ConnectedSource<ServingPort>
  readonly index: Snapshot<ServerIndex>
  close(): Promise<void>
}

/** Makes a connected source readable. */
export function createServer(connected: ConnectedSource<ServingPort>, config: Config, log: Logger): Server {
  const { id, port, upstream } = connected
  const list = connected.share('endpoints', (call) => port.endpoints(call))
  const index = new Snapshot<ServerIndex>({
    ...{ ...config.index, source: id, log },
    shown: { as: 'endpoints', size: ({ endpoints }) => endpoints.length },
    load: async (call) => {
      const { value, ...when } = await list(call)
      return { value: buildIndex(server, value, config.environments, when.fetchedAt), ...when }
    },
  })
  const server: Server = {
    ...{ id, connected, index, registry: registryServed(id, config) },
    source: sourceRecord('ServingSource', connected),
    close: async () => {
      await index.close()
      await upstream.close()
    },
  }
  return server
}

/** A link of the configuration can say of a server that it serves what is of another registry. */
function registryServed(id: string, { sources, links }: Config): string | null {
  const source = sources.find((one) => one.id === id)
  const named = source && 'registry' in source && typeof source.registry === 'string' ? source.registry : null
  return links.some(({ served }) => served.source === id) ? null : named
}
