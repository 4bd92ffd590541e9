import { createAccess } from '#lib/access.ts'
import type { GraphPort } from '#lib/graph.ts'
import { once } from '#lib/once.ts'
import { renamedSources } from '#lib/sources.ts'
import type { StatefulOptions, Subgraph } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { createNotifier } from './notify.ts'
import { createObservationLog } from './observation-log.ts'
import { createObserver } from './observer.ts'
import { ownContext } from './own-work.ts'
import { createPortfolio } from './portfolio.ts'
import { createResolvers } from './resolvers.ts'

/** What happened when: watches what changes, writes it down in the state, and tells what that says of delivery. Asks only the graph. */
export function createDeliverySubgraph(options: StatefulOptions, graph: GraphPort): Subgraph {
  const { config, registries, state, log: logger } = options
  const renamed = renamedSources(config)
  const log = createObservationLog(state)
  const portfolio = createPortfolio(graph, createAccess(config.access), config.gateway.limits.pageSize)
  const notifier = createNotifier({
    ...{ state, logger, rules: config.notifications, models: portfolio.models },
    context: (signal) => ownContext(signal, config.index.freshSeconds, logger),
  })
  const observer = createObserver({
    ...{ graph, state, log, registries, logger, looked: notifier.wake },
    pageSize: config.gateway.limits.pageSize,
    interval: config.delivery.everySeconds * 1_000,
    healthInterval: config.delivery.healthEverySeconds * 1_000,
    maxAgeSeconds: config.index.freshSeconds,
  })
  const schema = once(() =>
    executableSchema('delivery', createResolvers({ config, graph, state, log, portfolio, renamed })),
  )
  return {
    name: 'delivery',
    get schema() {
      return schema()
    },
    sources: [],
    start: async () => {
      if (config.delivery.observe) observer.start()
      notifier.start()
    },
    heard: (source) => observer.told(renamed.get(source) ?? source),
    close: async () => {
      await Promise.all([observer.close(), notifier.close()])
    },
  }
}
