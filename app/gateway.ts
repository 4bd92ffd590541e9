import { join } from 'node:path'
import { createGateway } from '#gateway/gateway.ts'
import { readiness } from '#gateway/health.ts'
import { readConfiguration } from '#lib/config/read.ts'
import type { Config } from '#lib/config/schema.ts'
import { checkUrl } from '#lib/config/url.ts'
import { howToMake } from '#lib/internal-token/key.ts'
import { createTokenSigner } from '#lib/internal-token/signer.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { createState } from '#lib/state/create.ts'
import { scheduleRetention } from '#lib/state/retention-schedule.ts'
import { makeSchemas } from '#lib/subgraph.ts'
import { startTelemetry } from '#lib/telemetry/start.ts'
import { projectRoot } from '#schema/files.ts'
import { commandLog } from './command-log.ts'
import { besideGateway, createSubgraph, graphToCome, ownServers, toldOfChanges } from './graph.ts'
import { kinds } from './kinds.ts'
import { secretKey } from './secret-key.ts'
import { remoteGreeting } from './start-lines.ts'
import { addressesOf, composeTeamGraph, keptFolder } from './team-subgraphs.ts'
import { whenStopped } from './when-stopped.ts'

/** `modelops gateway`: the gateway over subgraphs that are servers of their own, until it is told to stop. */
export async function gateway({ config: configPath }: { config?: string }): Promise<void> {
  const { env } = process
  const log = commandLog()
  const { config, origin } = await readConfiguration({ configPath, env, cwd: process.cwd(), kinds })
  const urls = subgraphUrls(config.gateway, env)
  const signer = await createTokenSigner(readKey(env))
  const telemetry = await startTelemetry(config.telemetry, log)
  const composed = await composeTeamGraph({ config, folder: keptFolder(origin), env, log })
  const { supergraphSdl, teams, refused } = composed
  for (const { words } of refused) console.error(words)
  const { graph, come } = graphToCome()
  const state = createState(config.state)
  const endRetention = scheduleRetention(state, config.state, log)
  const around = { log, graph, state, supergraphSdl }
  const subgraphs = besideGateway.map((name) => createSubgraph(name, config, around))
  let complete = false
  const server = await createGateway({
    config: config.gateway,
    ...composed,
    subgraphs,
    remote: { urls, signer, toldOfChanges },
    log,
    metrics: telemetry.metrics,
    webRoot: join(projectRoot, 'web/dist'),
    ready: () => readiness(complete),
  })
  come(server.graph)
  const stop = whenStopped(async () => {
    await server.close()
    await Promise.all(subgraphs.map((subgraph) => subgraph.close()))
    endRetention()
    await state.close()
    await telemetry.close()
  })
  try {
    const url = await server.listen()
    await makeSchemas(subgraphs, server.busy)
    complete = true
    console.log(remoteGreeting(url, config.gateway, { ...urls, ...addressesOf(teams) }))
    await Promise.all(subgraphs.map((subgraph) => subgraph.start()))
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address of every subgraph. Throws, for the reader, when one is missing, none, or of no subgraph. */
function subgraphUrls({ subgraphs = {} }: Config['gateway'], env: NodeJS.ProcessEnv): Record<string, string> {
  const urls = env.MODELOPS_SUBGRAPHS ? fromVariable(env.MODELOPS_SUBGRAPHS) : subgraphs
  const names: readonly string[] = ownServers
  const missing = names.filter((name) => urls[name] === undefined)
  const unknown = Object.keys(urls).filter((name) => !names.includes(name))
  if (missing.length === 0 && unknown.length === 0) return urls
  const found = [
    ...(missing.length > 0 ? [`${missing.join(', ')} missing`] : []),
    ...(unknown.length > 0 ? [`${unknown.join(', ')} unknown`] : []),
  ]
  throw new ReaderError(
    `The gateway needs the address of each subgraph (${found.join('; ')}): set gateway.subgraphs, or MODELOPS_SUBGRAPHS='${names.map((name) => `${name}=http://…`).join(',')}'. Everything in one process is: modelops start`,
  )
}

function fromVariable(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => {
    const [, name, address] = /^\s*([^=\s]+)=(\S+)\s*$/.exec(pair) ?? []
    const checked = checkUrl(address ?? '')
    if (name !== undefined && 'url' in checked) return [name, checked.url] as const
    throw new ReaderError('MODELOPS_SUBGRAPHS: expected <name>=<http or https address>, with commas between.')
  })
  return Object.fromEntries(pairs)
}

/** The secret half of the key to vouch with, as JSON. Throws, for the reader, when there is none. */
function readKey(env: NodeJS.ProcessEnv): string {
  const key = secretKey(env)
  if (key !== undefined) return key
  throw new ReaderError(
    `Subgraphs answer a gateway with a key only: set MODELOPS_INTERNAL_KEY, or MODELOPS_INTERNAL_KEY_FILE to a file that holds it. ${howToMake}`,
  )
}
