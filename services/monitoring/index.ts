import { createAccess } from '#lib/access.ts'
import { once } from '#lib/once.ts'
import { connectSources, renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { monitoringAdapters } from './adapters.ts'
import { createMonitor } from './monitor.ts'
import { createMonitors } from './monitors.ts'
import { createResolvers } from './resolvers.ts'

/** The monitoring side of the graph: traffic, signals and alerts of what the other subgraphs hold. */
export function createMonitoringSubgraph(options: SubgraphOptions): Subgraph {
  const { config, log } = options
  const sources = connectSources(monitoringAdapters, options)
  const all = sources.map((source) => createMonitor(source, config, log))
  const monitors = createMonitors(all, renamedSources(config), createAccess(config.access))
  const schema = once(() => executableSchema('monitoring', createResolvers(monitors, config)))
  return {
    name: 'monitoring',
    get schema() {
      return schema()
    },
    sources,
    start: async () => {
      const patience = { signal: AbortSignal.timeout(config.http.indexTimeout) }
      await Promise.all(all.flatMap(({ alerts, signals }) => [alerts?.read(patience), signals?.read(patience)]))
    },
    close: async () => {
      await Promise.all(all.map((monitor) => monitor.close()))
    },
  }
}
