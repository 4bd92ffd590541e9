import type { GraphQLDataSource } from '@apollo/gateway'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { createSubgraphs, readSupergraph } from '#app/graph.ts'
import { kinds } from '#app/kinds.ts'
import { startCompany } from '#demo/company/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { startApollo } from '#gateway/apollo.ts'
import { createDataSources } from '#gateway/data-sources.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { manyModels } from './many-models.ts'

const log = pino({ level: 'silent' })

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Graph {
  ask(query: string, context?: Partial<RequestContext>): Promise<{ data: unknown; errors: readonly { message: string }[] }>
  data<T>(query: string, context?: Partial<RequestContext>): Promise<T>
  /** The documents that rules asked, with how many subjects. */
  readonly asked: { document: string; ids: number }[]
}

interface GraphOptions {
  readonly sources: object[]
  readonly settings?: object
  /** Parts that do not answer now. */
  readonly silent?: Set<string>
}

/** A graph in this process, whose rules ask it through its own gateway. */
async function startGraph({ sources, settings = {}, silent = new Set() }: GraphOptions): Promise<Graph> {
  const config = buildConfig({ ...settings, sources }, kinds)
  const asked: Graph['asked'] = []
  const port: GraphPort = {
    async query(document, variables, context) {
      asked.push({ document, ids: Array.isArray(variables.ids) ? variables.ids.length : 0 })
      return execute(document, variables, { ...context, graphDepth: (context.graphDepth ?? 0) + 1 })
    },
  }
  const subgraphs = createSubgraphs(config, log, undefined, port)
  const dataSources = createDataSources({ subgraphs, log })
  const dataSource = (name: string): GraphQLDataSource => {
    const answering = dataSources.of(name)
    const unreachable = { errors: [{ message: `${name} did not answer` }] }
    return { process: async (options) => (silent.has(name) ? unreachable : answering.process(options)) }
  }
  const limits = config.gateway.limits
  const apollo = await startApollo({ limits, supergraphSdl: readSupergraph(), dataSource, log })
  closers.push(async () => {
    await apollo.stop()
    await Promise.all(subgraphs.map((subgraph) => subgraph.close()))
  })

  async function execute(query: string, variables: Readonly<Record<string, unknown>>, given: Partial<RequestContext>) {
    const { signal } = new AbortController()
    const contextValue = {
      ...{ requestId: 'test', signal, cutOff: signal, sourcesUntil: performance.now() + 10_000, log },
      caller: { subject: 'tests', roles: ['admin'], scopes: [] },
      ...given,
    }
    const { body } = await apollo.executeOperation({ query, variables: { ...variables } }, { contextValue })
    if (body.kind !== 'single') throw new Error('An answer in parts')
    const { data = null, errors = [] } = body.singleResult
    return { data, errors }
  }
  return {
    asked,
    ask: (query, context = {}) => execute(query, {}, context),
    async data<T>(query: string, context: Partial<RequestContext> = {}) {
      const { data, errors } = await execute(query, {}, context)
      if (errors.length > 0) throw new Error(`The graph answered with errors: ${JSON.stringify(errors, null, 1)}`)
      return data as T
    },
  }
}

interface Health {
  status: string
  summary: string
  findings: { rule: { id: string }; outcome: string; message: string }[]
}

interface Models {
  models: { nodes: { name: string; health: Health | null }[] }
}

const HEALTH = '{ models(first: 50) { nodes { name health { status summary findings { rule { id } outcome message } } } } }'

describe('x', () => {
  it('company', async () => {
    const company = await startCompany()
    closers.push(company.close)
    const graph = await startGraph({ sources: [...company.config.sources] })
    const { models } = await graph.data<Models>(HEALTH)
    console.log(models.nodes.map(({ name, health }) => `${name}: ${health?.status}: ${health?.summary}`).join('\n'))
    console.log(graph.asked.length)
    console.log(JSON.stringify(await graph.ask('{ endpoints { nodes { name health { status summary } } } healthFindings { totalCount incomplete { reason message count } nodes { rule { id } subject outcome severity message asOf evidence { path value source fetchedAt } incomplete { reason message } } } node(id: "Model:mlflow:nope") { id ... on Model { health { status summary } } } }'), null, 1))
  })
})
