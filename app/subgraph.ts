import { addWebhookRoute } from '#gateway/webhooks.ts'
import { createRedisStore } from '#lib/cache/redis-store.ts'
import { readConfiguration } from '#lib/config/read.ts'
import { createTokenCheck, type Trusted } from '#lib/internal-token/check.ts'
import { howToMake } from '#lib/internal-token/key.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { createSubgraphServer } from '#lib/subgraph-server/server.ts'
import { startTelemetry } from '#lib/telemetry/start.ts'
import { type SubgraphName, subgraphNames } from '#schema/subgraphs.ts'
import { commandLog } from './command-log.ts'
import { besideGateway, createSubgraph, graphToCome, ownServers } from './graph.ts'
import { kinds } from './kinds.ts'
import { whenStopped } from './when-stopped.ts'

/** Port of the first subgraph where none is given; the others take the next ones. */
const FIRST_PORT = 4_001

/** `modelops subgraph NAME`: one subgraph as a server of its own, which answers the gateway only, until it is told to stop. */
export async function subgraph(given: string, { config: configPath }: { config?: string }): Promise<void> {
  const { env } = process
  const name = nameOf(given)
  const log = commandLog().child({ subgraph: name })
  const { config, origin } = await readConfiguration({ configPath, env, cwd: process.cwd(), kinds })
  if (origin.kind === 'none') {
    throw new ReaderError(
      'Nothing is configured: write a modelops.yaml (docs/configuration.md), or set MLFLOW_TRACKING_URI.',
    )
  }
  const check = await createTokenCheck(trusted(env), name, log)
  const telemetry = await startTelemetry(config.telemetry, log)
  const { redis } = config.cache
  const shared = redis && createRedisStore({ url: redis, log })
  // Subgraphs that keep anything run beside the gateway.
  const around = { log, graph: graphToCome().graph, state: createMemoryState() }
  const part = createSubgraph(name, config, { ...around, ...(shared && { shared }) })
  await part.schema
  const server = createSubgraphServer({
    ...{ subgraph: part, check, log, metrics: telemetry.metrics },
    host: env.HOST || '127.0.0.1',
    port: env.PORT ? config.gateway.port : FIRST_PORT + subgraphNames.indexOf(name),
  })
  await addWebhookRoute(server.app, [part])
  const stop = whenStopped(async () => {
    await server.close()
    check.close()
    await part.close()
    await shared?.close()
    await telemetry.close()
  })
  try {
    console.log(`Subgraph   ${name} at ${await server.listen()}/graphql, for the gateway only`)
    await part.start()
  } catch (error) {
    await stop()
    throw error
  }
}

function nameOf(given: string): SubgraphName {
  const name = subgraphNames.find((one) => one === given)
  if (name && besideGateway.includes(name)) {
    throw new ReaderError(`The subgraph ${name} asks the graph alone and runs beside the gateway: modelops gateway`)
  }
  if (name) return name
  throw new ReaderError(`There is no subgraph "${given}": there are ${ownServers.join(', ')}.`)
}

/** Whose tokens are accepted. Throws, for the reader, when nobody's would be. */
function trusted({ MODELOPS_GATEWAY_JWK: jwk, MODELOPS_GATEWAY_JWKS_URL: url }: NodeJS.ProcessEnv): Trusted {
  if (jwk) return { jwk }
  if (url) return { url }
  throw new ReaderError(
    `A subgraph answers its gateway only, and does not know its key: set MODELOPS_GATEWAY_JWKS_URL to http://<gateway>/.well-known/jwks.json, or MODELOPS_GATEWAY_JWK to the public half of the key. ${howToMake}`,
  )
}
