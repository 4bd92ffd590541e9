import { pino } from 'pino'
import { besideGateway, createSubgraph, createSubgraphs, graphToCome } from '#app/graph.ts'
import { kinds } from '#app/kinds.ts'
import { composeTeamGraph, type RefusedTeam } from '#app/team-subgraphs.ts'
import { createGateway } from '#gateway/gateway.ts'
import { buildConfig } from '#lib/config/load.ts'
import { createMemoryState } from '#lib/state/create.ts'
import type { State } from '#lib/state/port.ts'
import { makeSchemas } from '#lib/subgraph.ts'
import { serveInProcesses } from './processes.ts'

/** A whole graph, as `modelops start` makes it or as servers of their own, and a way to ask it over HTTP. */
export interface Graph {
  readonly url: string
  /** Teams' subgraphs that are not in it as they are now. */
  readonly refused: readonly RefusedTeam[]
  /** Asks and gives back status and body as they came. */
  ask(query: string, options?: { variables?: object; headers?: Record<string, string> }): Promise<Answer>
  /** Asks and gives back the data; throws when there are errors. */
  data<T = Record<string, never>>(query: string, variables?: object): Promise<T>
  close(): Promise<void>
}

/** What came back. */
export interface Answer {
  readonly status: number
  readonly data?: unknown
  readonly errors?: readonly {
    message: string
    path?: readonly (string | number)[]
    extensions?: Record<string, unknown>
  }[]
}

/** What to start: sources as in `modelops.yaml`, and other sections of it. */
export interface GraphOptions {
  readonly sources: object[]
  readonly settings?: object
  /** Names of subgraphs that do not run, though the graph names them. */
  readonly without?: readonly string[]
  /** true: the sources are read in the background before anybody asks. */
  readonly started?: boolean
  /** What is kept; closed with the graph. Default: one in memory. */
  readonly state?: State
  /** Where schemas of teams' subgraphs are kept. Default: nowhere. */
  readonly folder?: string
  /** The secret half of the gateway's key, as JSON, to ask teams' subgraphs with. Default: none. */
  readonly key?: string
}

/** Whether each subgraph is a server in a process of its own: the tests of this folder run both ways. */
const distributed = process.env.MODELOPS_TEST_MODE === 'distributed'

export async function startGraph({
  sources,
  settings = {},
  without = [],
  started = false,
  folder,
  key,
  state = createMemoryState(),
}: GraphOptions): Promise<Graph> {
  const value = { ...settings, sources }
  const config = buildConfig(value, kinds)
  const log = pino({ level: 'silent' })
  const remote = distributed ? await serveInProcesses(value, { without, started }) : undefined
  const { graph, come } = graphToCome()
  const composed = await composeTeamGraph({
    ...{ config, log, env: { MODELOPS_INTERNAL_KEY: key } },
    // Where nothing can be.
    folder: folder ?? '/dev/null/kept',
  })
  const { supergraphSdl, teams, refused } = composed
  const around = { log, graph, state, supergraphSdl }
  const subgraphs = remote
    ? besideGateway.map((name) => createSubgraph(name, config, around))
    : createSubgraphs(config, around)
  // As at the start of the program, which ends where one cannot be made.
  await makeSchemas(subgraphs)
  const gateway = await createGateway({
    config: { ...config.gateway, port: 0 },
    ...{ supergraphSdl, teams, refused },
    subgraphs: subgraphs.filter(({ name }) => !without.includes(name)),
    ...(remote && { remote }),
    log,
  })
  come(gateway.graph)
  const url = await gateway.listen()
  if (started) for (const subgraph of subgraphs) subgraph.start()

  async function ask(query: string, options: Parameters<Graph['ask']>[1] = {}): Promise<Answer> {
    const { variables, headers } = options
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }
  async function data<T>(query: string, variables?: object): Promise<T> {
    const answer = await ask(query, { ...(variables && { variables }) })
    if (answer.errors) throw new Error(`The graph answered with errors: ${JSON.stringify(answer.errors, null, 1)}`)
    return answer.data as T
  }
  return {
    ...{ url, refused, ask, data },
    close: async () => {
      await gateway.close()
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()))
      await state.close()
      await remote?.close()
    },
  }
}
