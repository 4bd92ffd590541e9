import { createAccess } from '#lib/access.ts'
import { once } from '#lib/once.ts'
import { connectSources, renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { servingAdapters } from './adapters.ts'
import { createResolvers } from './resolvers.ts'
import { createServer } from './server.ts'
import { createServers } from './servers.ts'

/** The serving side of the graph: endpoints, what they serve, and which registered versions that is. */
export function createServingSubgraph(options: SubgraphOptions): Subgraph {
  const { config, log } = options
  const sources = connectSources(servingAdapters, options)
  const all = sources.map((source) => createServer(source, config, log))
  const renamed = renamedSources(config)
  const servers = createServers(all, renamed, createAccess(config.access))
  const schema = once(() => executableSchema('serving', createResolvers(servers, config, renamed)))
  return {
    name: 'serving',
    get schema() {
      return schema()
    },
    sources,
    start: async () => {
      const patience = { signal: AbortSignal.timeout(config.http.indexTimeout) }
      await Promise.all(all.map(({ index }) => index.read(patience)))
    },
    close: async () => {
      await Promise.all(all.map((server) => server.close()))
    },
  }
}
