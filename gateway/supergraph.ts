import type { ApolloServer } from '@apollo/server'
import type { Logger } from 'pino'
import { watchFile } from './supergraph-file.ts'

/** The graph as it is served, replaced as a whole when its file changes. */
export interface Supergraph {
  /** The server of now; who has it may finish with it. */
  current(): ApolloServer
  /** The composed graph that it serves. */
  sdl(): string
  /** Why what the file holds now is not served; undefined: it is. */
  refused(): Refused | undefined
  close(): Promise<void>
}

/** Told by `/health/ready`, to anybody. */
export interface Refused {
  readonly reason: string
  /** Since when, ISO 8601 UTC. */
  readonly since: string
}

/** What `serveSupergraph` needs. */
export interface SupergraphOptions {
  readonly supergraphSdl: string
  /** Where that was read. Default: it never changes. */
  readonly supergraphFile?: string
  /** Makes a server over a supergraph, complete and started; throws when the supergraph is none. */
  readonly start: (supergraphSdl: string) => Promise<ApolloServer>
  readonly log: Logger
}

/**
 * Serves a supergraph, and from the moment its file holds another one that. A new server is made for each, and the old
 * one finishes what it began: Apollo's own `update` changes a gateway in place, and where the planner finds a mistake
 * that reading did not, it leaves the new schema with the old planner, and takes the same text without a word next time.
 */
export async function serveSupergraph(options: SupergraphOptions): Promise<Supergraph> {
  const { supergraphFile: file, start, log } = options
  let served = options.supergraphSdl
  let current = await start(served)
  let refused: Refused | undefined

  const refuse = (reason: string) => {
    refused = { reason, since: new Date().toISOString() }
    log.error({ file, reason }, 'the supergraph in the file is refused, the last good one goes on')
  }
  async function take(text: string): Promise<void> {
    const next = text === served ? current : await start(text)
    const old = current
    served = text
    current = next
    refused = undefined
    log.info({ file }, 'the supergraph was read anew')
    if (old !== next) await old.stop().catch((error) => log.error({ err: error }, 'the server of before did not stop'))
  }
  const watching =
    file === undefined
      ? undefined
      : watchFile(file, served, (text) => take(text).catch((error: Error) => refuse(error.message)), refuse)

  return {
    current: () => current,
    sdl: () => served,
    refused: () => refused,
    async close() {
      await watching?.close()
      await current.stop()
    },
  }
}
