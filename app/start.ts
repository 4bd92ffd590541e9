import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createGateway } from '#gateway/gateway.ts'
import { readiness } from '#gateway/health.ts'
import { readConfiguration } from '#lib/config/read.ts'
import { createMemoryState, createState } from '#lib/state/create.ts'
import { scheduleRetention } from '#lib/state/retention-schedule.ts'
import { makeSchemas } from '#lib/subgraph.ts'
import { startTelemetry } from '#lib/telemetry/start.ts'
import { projectRoot } from '#schema/files.ts'
import { commandLog } from './command-log.ts'
import { createSubgraphs, graphToCome } from './graph.ts'
import { kinds } from './kinds.ts'
import { greeting, sourceLines } from './start-lines.ts'
import { composeTeamGraph, keptFolder } from './team-subgraphs.ts'
import { whenStopped } from './when-stopped.ts'

/** Milliseconds after which what is not needed for the first answer is made, though a source is still being read. */
const PATIENCE = 500

/** `modelops start`: everything in one process, until it is told to stop. What few need is imported when needed. */
export async function start({ config: configPath }: { config?: string }): Promise<void> {
  const log = commandLog()
  const configuration = await readConfiguration({ configPath, env: process.env, cwd: process.cwd(), kinds })
  const demonstration =
    configuration.origin.kind === 'none'
      ? await (await import('./demonstration.ts')).startDemonstration(configuration.config)
      : undefined
  const config = demonstration?.config ?? configuration.config
  const telemetry = await startTelemetry(config.telemetry, log)
  const { redis } = config.cache
  const shared = redis && (await import('#lib/cache/redis-store.ts')).createRedisStore({ url: redis, log })
  const folder = keptFolder(configuration.origin)
  const composed = await composeTeamGraph({ config, folder, env: process.env, log })
  for (const { words } of composed.refused) console.error(words)
  const { supergraphSdl } = composed
  // What is said and seen in the demonstration ends with it.
  const state = demonstration ? createMemoryState() : createState(config.state)
  const endRetention = scheduleRetention(state, config.state, log)
  await demonstration?.writePast(state)
  const { graph, come } = graphToCome()
  const subgraphs = createSubgraphs(config, { log, graph, state, supergraphSdl, ...(shared && { shared }) })
  let complete = false
  const gateway = await createGateway({
    config: config.gateway,
    ...composed,
    subgraphs,
    log,
    metrics: telemetry.metrics,
    webRoot: join(projectRoot, 'web/dist'),
    ready: () => readiness(complete),
  })

  come(gateway.graph)
  const stop = whenStopped(async () => {
    await gateway.close()
    await Promise.all(subgraphs.map((subgraph) => subgraph.close()))
    endRetention()
    await state.close()
    await shared?.close()
    await demonstration?.close()
    await telemetry.close()
  })

  try {
    const url = await gateway.listen()
    const read = Promise.all(subgraphs.map((subgraph) => subgraph.start()))
    // The first question needs what was read more than the schemas that it does not ask.
    await Promise.race([read, pause(PATIENCE)])
    await makeSchemas(subgraphs, gateway.busy)
    complete = true
    console.log(greeting(url, { ...configuration, config }))
    console.log(
      await sourceLines(
        subgraphs.flatMap((subgraph) => subgraph.sources),
        read,
      ),
    )
  } catch (error) {
    await stop()
    throw error
  }
}
