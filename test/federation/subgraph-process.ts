import { pino } from 'pino'
import { createSubgraph, graphToCome } from '#app/graph.ts'
import { kinds } from '#app/kinds.ts'
import { addWebhookRoute } from '#gateway/webhooks.ts'
import { buildConfig } from '#lib/config/load.ts'
import { createTokenCheck } from '#lib/internal-token/check.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { createSubgraphServer } from '#lib/subgraph-server/server.ts'
import type { SubgraphName } from '#schema/subgraphs.ts'

/** What the process is told: to serve one subgraph, or to stop that. It answers with the address, or that it has. */
export type Order = Serve | 'stop'

interface Serve {
  readonly name: SubgraphName
  readonly config: { sources: object[] }
  /** Public half of the gateway's key. */
  readonly jwk: string
  /** Whether the sources are read before anybody asks. */
  readonly started: boolean
}

let stop = async () => 'stopped'

async function serve({ name, config: value, jwk, started }: Serve): Promise<string> {
  const log = pino({ level: 'silent' })
  const subgraph = createSubgraph(name, buildConfig(value, kinds), {
    ...{ log, graph: graphToCome().graph, state: createMemoryState() },
  })
  const check = await createTokenCheck({ jwk }, name, log)
  const server = createSubgraphServer({ subgraph, check, log, host: '127.0.0.1', port: 0 })
  await addWebhookRoute(server.app, [subgraph])
  stop = async () => {
    await server.close()
    check.close()
    await subgraph.close()
    return 'stopped'
  }
  const url = await server.listen()
  if (started) void subgraph.start()
  return url
}

process.on('message', async (order: Order) => process.send?.(order === 'stop' ? await stop() : await serve(order)))
// Whoever gave the orders is gone.
process.on('disconnect', () => process.exit())
