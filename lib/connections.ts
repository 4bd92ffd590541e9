import type { Logger } from 'pino'
import type { Config, Source } from './config/schema.ts'
import { SourceState } from './source-state.ts'
import { createUpstream } from './upstream/client.ts'
import type { Upstream } from './upstream/upstream.ts'

/** The way to one source, and how it answered lately. */
interface Connection {
  readonly upstream: Upstream
  readonly state: SourceState
}

/** Ways to sources. */
export interface Connections {
  /** `freshConnections`: every request on a connection of its own. Throws as `createUpstream`. */
  to(source: Source, freshConnections: boolean): Connection
}

/**
 * One client for each source, whichever subgraphs of this process ask it: so that its limits, its breaker and its state are
 * those of the tool. It is closed when the last that was given it closes it.
 */
export function createConnections({ http }: Pick<Config, 'http'>, log: Logger): Connections {
  const open = new Map<string, Connection & { users: number }>()
  return {
    to: (source, freshConnections) => {
      const key = JSON.stringify([source.id, freshConnections])
      const known = open.get(key) ?? { ...connect(source, freshConnections), users: 0 }
      known.users += 1
      open.set(key, known)
      let closed = false
      return {
        state: known.state,
        upstream: {
          request: known.upstream.request,
          close: async () => {
            if (closed) return
            closed = true
            known.users -= 1
            if (known.users > 0) return
            open.delete(key)
            await known.upstream.close()
          },
        },
      }
    },
  }

  function connect(source: Source, freshConnections: boolean): Connection {
    const state = new SourceState()
    return { state, upstream: createUpstream({ source, http, state, log, freshConnections }) }
  }
}
