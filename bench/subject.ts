import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { createSubgraphs, graphToCome, readSupergraph } from '#app/graph.ts'
import { kinds } from '#app/kinds.ts'
import { createGateway } from '#gateway/gateway.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { Config } from '#lib/config/schema.ts'
import type { GraphPort } from '#lib/graph.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { makeSchemas, type Subgraph } from '#lib/subgraph.ts'
import { watched } from '#lib/telemetry/watched.ts'
import { serve } from './child.ts'
import { startStock } from './stock.ts'
import type { Upstreams } from './upstreams.ts'

/** What is measured: this project's gateway, or the same subgraphs behind the stock one. */
export type Variant = 'ours' | 'stock'

/** What a process has used. */
export interface Usage {
  readonly cpuMilliseconds: number
  readonly peakMegabytes: number
}

/** Nothing is asked of a source again while it is measured. */
const lasting = { index: { freshSeconds: 3_600, staleSeconds: 7_200 } }

interface Start {
  readonly variant: Variant
  readonly upstreams: Upstreams
  /** Sections of the configuration. */
  readonly settings?: object
}

let subgraphs: Subgraph[] = []

serve({
  /** Starts to listen and tells where. */
  async start({ variant, upstreams, settings = lasting }: Start): Promise<string> {
    const sources = [
      { id: 'mlflow', kind: 'mlflow', url: upstreams.mlflow },
      {
        ...{ id: 'mlserver', kind: 'open-inference', url: upstreams.server, environment: 'production' },
        ...{ registry: 'mlflow', convention: 'name-and-version' },
      },
    ]
    const config = buildConfig({ ...settings, sources }, kinds)
    // As it runs in production: lines are made, and go nowhere.
    const log = pino({ level: 'info' }, { write() {} })
    const { graph, come } = graphToCome()
    subgraphs = createSubgraphs(config, { log, graph, state: createMemoryState() })
    return variant === 'ours' ? await ours(config, log, come) : await startStock(subgraphs, readSupergraph(), log)
  },
  /** Reads the sources, as a gateway does in the background when it starts. */
  async read(): Promise<void> {
    await Promise.all(subgraphs.map((subgraph) => subgraph.start()))
  },
  usage(): Usage {
    const { user, system } = process.cpuUsage()
    return { cpuMilliseconds: (user + system) / 1_000, peakMegabytes: process.resourceUsage().maxRSS / 1_024 }
  },
  /** Megabytes that are in use. Needs `--expose-gc`. */
  async heap(): Promise<number> {
    // What a first collection frees can hold what only a second one finds.
    for (let i = 0; i < 2; i++) {
      globalThis.gc?.()
      await setImmediate()
    }
    return process.memoryUsage().heapUsed / 1_048_576
  },
  /** Requests to sources and queries that are under way or wait. */
  underWay(): number {
    const queues = [...watched.queues, ...[...watched.sources].map(({ load }) => load())]
    return queues.reduce((sum, { running, waiting }) => sum + running + waiting, 0)
  },
})

async function ours(config: Config, log: pino.Logger, come: (graph: GraphPort) => void): Promise<string> {
  const gateway = await createGateway({
    config: { ...config.gateway, port: 0 },
    supergraphSdl: readSupergraph(),
    ...{ subgraphs, log },
  })
  come(gateway.graph)
  const url = await gateway.listen()
  // It is ready then, as the other is that makes them before it listens.
  await makeSchemas(subgraphs)
  return url
}
