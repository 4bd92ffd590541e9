import type { GraphQLDataSource } from '@apollo/gateway'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { createSubgraph, createSubgraphs, readSupergraph } from '#app/graph.ts'
import { kinds } from '#app/kinds.ts'
import { startCompany } from '#demo/company/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { startApollo } from '#gateway/apollo.ts'
import { createDataSources } from '#gateway/data-sources.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { manyModels } from './many-models.ts'

const log = pino({ level: 'silent' })

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Graph {
  ask(
    query: string,
    context?: Partial<RequestContext>,
  ): Promise<{ data: unknown; errors: readonly { message: string }[] }>
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
  const subgraphs = createSubgraphs(config, { log, graph: port, state: createMemoryState() })
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

const HEALTH =
  '{ models(first: 50) { nodes { name health { status summary findings { rule { id } outcome message } } } } }'

const healthOf = async (graph: Graph, context?: Partial<RequestContext>) => {
  const { models } = await graph.data<Models>(HEALTH, context)
  return new Map(models.nodes.map(({ name, health }) => [name, health]))
}

/** A registry with three models, two of which a server has, one of them not ready; each behind a proxy that can fail. */
async function startTwo(settings: object = {}, silent?: Set<string>) {
  const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(3) })
  const triton = await startOpenInference({
    dialect: 'triton',
    models: [
      { name: 'model-00000', version: '1' },
      { name: 'model-00001', version: '1', state: 'failed', loadFailure: 'Traceback: /secret/path/model.py' },
    ],
  })
  const registry = await startFaultServer({ target: mlflow.url })
  const server = await startFaultServer({ target: triton.url })
  closers.push(mlflow.close, triton.close, registry.close, server.close)
  const graph = await startGraph({
    sources: [
      { id: 'registry', kind: 'mlflow', url: registry.url },
      { id: 'server', kind: 'open-inference', url: server.url, convention: 'name-and-version' },
    ],
    ...{ settings, ...(silent && { silent }) },
  })
  return { graph, registry, server }
}

const NOW = { maxAgeSeconds: 0 }
const FINDINGS =
  '{ healthFindings { totalCount incomplete { reason } nodes { rule { id } subject outcome severity asOf } } }'

interface Findings {
  healthFindings: {
    totalCount: number
    incomplete: { reason: string }[]
    nodes: { rule: { id: string }; subject: string; outcome: string; asOf: string }[]
  }
}

describe('health', () => {
  it('is the worst that the rules say, in one sentence', async () => {
    const { graph } = await startTwo()
    const health = await healthOf(graph)
    expect(health.get('model-00000')).toMatchObject({
      status: 'HEALTHY',
      summary: 'All is well; 4 of 4 rules that apply judged.',
    })
    expect(health.get('model-00001')).toMatchObject({
      status: 'UNHEALTHY',
      summary: 'model-00001 is not ready on server; 3 of 3 rules that apply judged.',
    })
    expect(health.get('model-00002')).toMatchObject({
      status: 'NOT_APPLICABLE',
      summary: 'Nothing of it is served, so there is nothing to be well; no rules apply.',
    })
    const { endpoints } = await graph.data<{ endpoints: { nodes: object[] } }>(
      '{ endpoints { nodes { health { status } } } }',
    )
    expect(endpoints.nodes).toEqual([{ health: { status: 'UNHEALTHY' } }])
  })

  it('of a page is one question to the graph per hundred things, and none while it is fresh', async () => {
    const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(250) })
    closers.push(mlflow.close)
    const graph = await startGraph({ sources: [{ id: 'registry', kind: 'mlflow', url: mlflow.url }] })
    const query = '{ models(first: 250) { nodes { health { status } } } }'
    await graph.data(query)
    expect(graph.asked.map(({ ids }) => ids)).toEqual([100, 100, 50])
    expect(new Set(graph.asked.map(({ document }) => document)).size).toBe(1)
    await graph.data(query)
    expect(graph.asked).toHaveLength(3)
    await graph.data(query, NOW)
    expect(graph.asked).toHaveLength(6)
  })

  it('is not judged where no server is configured, and never HEALTHY', async () => {
    const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(1) })
    closers.push(mlflow.close)
    const graph = await startGraph({ sources: [{ id: 'registry', kind: 'mlflow', url: mlflow.url }] })
    const health = (await healthOf(graph)).get('model-00000')
    expect(health?.status).toBe('NOT_APPLICABLE')
    expect(health?.summary).toMatch(/^No model server is configured.*no rules apply\.$/)
  })

  it('is UNKNOWN where a server that was never heard is silent', async () => {
    const { graph, server } = await startTwo()
    await server.fault({ kind: 'answer', status: 503 })
    const health = await healthOf(graph)
    expect([...health.values()].map((one) => one?.status)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN'])
  })

  it('is UNKNOWN while a source behind it is silent, though what was read of it still counts', async () => {
    const { graph, registry } = await startTwo()
    expect((await healthOf(graph)).get('model-00000')?.status).toBe('HEALTHY')
    await registry.fault({ kind: 'answer', status: 503 })
    // Something else asks the registry, which is how its state is seen.
    await graph.ask('{ modelVersion(id: "ModelVersion:registry:model-00002:1") { flavors } }', NOW)
    const health = (await healthOf(graph, NOW)).get('model-00000')
    expect(health?.status).toBe('UNKNOWN')
    const outcomes = health?.findings.map(({ rule, outcome }) => [rule.id, outcome])
    expect(outcomes).toContainEqual(['model-sources-answer', 'UNKNOWN'])
    expect(outcomes).toContainEqual(['served-model-ready', 'PASS'])
  })

  it('is UNKNOWN where a part of the graph does not answer, and judged again as soon as it does', async () => {
    const silent = new Set(['serving'])
    const { graph } = await startTwo({}, silent)
    const { models } = (await graph.ask(HEALTH)).data as Models
    expect(models.nodes.map(({ health }) => health?.status)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN'])
    silent.clear()
    expect((await healthOf(graph)).get('model-00000')?.status).toBe('HEALTHY')
  })

  it('of a model that is not there is null', async () => {
    const { graph } = await startTwo()
    const query = '{ node(id: "Model:registry:nobody") { ... on Model { health { status } } } }'
    expect(await graph.data(query)).toEqual({ node: { health: null } })
  })

  it('is not judged for a rule of a rule of a rule', async () => {
    const { graph } = await startTwo()
    const { errors } = await graph.ask(HEALTH, { graphDepth: 2 })
    expect(errors[0]?.message).toContain('no further')
    expect((await graph.ask(HEALTH, { graphDepth: 1 })).errors).toEqual([])
  })
})

describe('thresholds', () => {
  const set = { maxDays: 1 }

  it('are configured for all models or for one', async () => {
    const parameters = [{ rule: 'model-age', subjects: ['Model:registry:model-00000'], set }]
    const { graph } = await startTwo({ health: { parameters } })
    const health = await healthOf(graph)
    expect(health.get('model-00000')?.status).toBe('DEGRADED')
    expect(health.get('model-00000')?.summary).toContain('more than 1 days ago')
    expect(health.get('model-00001')?.findings.filter(({ outcome }) => outcome === 'FAIL')).toHaveLength(1)
  })

  it.each<[object, string]>([
    [{ rule: 'model-agee', set }, 'health.parameters[0].rule: found model-agee'],
    [{ rule: 'model-age', set: { days: 1 } }, 'health.parameters[0].set: found days, expected one of: maxDays'],
    [{ rule: 'model-age', set: { maxDays: 0.5 } }, 'health.parameters[0].set.maxDays: found 0.5, expected int'],
  ])('that no rule has stop the start: %o', async (entry, message) => {
    const config = buildConfig({ health: { parameters: [entry] }, sources: [SOURCE] } as never, kinds)
    const health = createSubgraph('health', config, { log, graph: NO_GRAPH, state: createMemoryState() })
    await expect(health.schema).rejects.toThrow(message)
  })
})

const NO_GRAPH: GraphPort = { query: () => Promise.reject(new Error('not asked')) }
const SOURCE = { id: 'registry', kind: 'mlflow', url: 'http://127.0.0.1:9' }

describe('healthFindings', () => {
  it('lists what is wrong or not known of everything, worst first, page by page, from what was judged', async () => {
    const { graph } = await startTwo()
    await healthOf(graph)
    const before = graph.asked.length
    const { healthFindings } = await graph.data<Findings>(FINDINGS)
    expect(healthFindings).toMatchObject({ totalCount: 2, incomplete: [] })
    expect(healthFindings.nodes).toMatchObject([
      { rule: { id: 'endpoint-ready' }, subject: 'Endpoint:server:server', outcome: 'FAIL' },
      { rule: { id: 'served-model-ready' }, subject: 'Model:registry:model-00001', outcome: 'FAIL' },
    ])
    // Both lists, and the endpoint, which nobody had judged.
    expect(graph.asked.length - before).toBe(3)
    const page =
      '{ healthFindings(first: 1, outcome: [PASS], rule: ["model-age"]) { totalCount nodes { subject } pageInfo { hasNextPage } } }'
    expect(await graph.data(page)).toMatchObject({
      healthFindings: {
        totalCount: 2,
        nodes: [{ subject: 'Model:registry:model-00000' }],
        pageInfo: { hasNextPage: true },
      },
    })
  })

  it('tells what could not be listed', async () => {
    const { graph, registry } = await startTwo()
    await registry.fault({ kind: 'answer', status: 503 })
    const { healthFindings } = await graph.data<Findings>(FINDINGS)
    expect(healthFindings.incomplete).toEqual([{ reason: 'DOWN' }])
    expect(healthFindings.nodes.map(({ subject }) => subject)).toEqual(['Endpoint:server:server'])
  })

  it('holds to the rights of whoever asks, whoever asked before', async () => {
    const access = [{ roles: ['servers'], see: { sources: ['server'] } }]
    const { graph } = await startTwo({ access })
    expect((await graph.data<Findings>(FINDINGS)).healthFindings.totalCount).toBe(2)
    const caller = { subject: 'ops', roles: ['servers'], scopes: [] }
    const { healthFindings } = await graph.data<Findings>(FINDINGS, { caller })
    expect(healthFindings.nodes.map(({ subject }) => subject)).toEqual(['Endpoint:server:server'])
    expect(healthFindings.incomplete).toContainEqual({ reason: 'FORBIDDEN' })
    const query = '{ node(id: "Model:registry:model-00001") { ... on Model { health { status } } } }'
    expect(await graph.data(query, { caller })).toEqual({ node: { health: null } })
  })
})

describe('the demonstration company', () => {
  it('has a model whose champion is not what production serves, one that is not ready, and old ones', async () => {
    const company = await startCompany()
    closers.push(company.close)
    const graph = await startGraph({ sources: [...company.config.sources] })
    const health = await healthOf(graph)
    expect(health.get('credit-limit')).toMatchObject({ status: 'UNHEALTHY' })
    expect(health.get('credit-limit')?.summary).toMatch(/^Requests to credit-limit fail: 12\.5 % on Triton/)
    expect(health.get('credit-limit')?.findings.map(({ message }) => message)).toContain(
      'The champion of credit-limit is version 4, but production serves 3 on Triton, production.',
    )
    expect(health.get('loan-default')).toMatchObject({ status: 'DEGRADED' })
    expect(
      health
        .get('loan-default')
        ?.findings.map(({ message }) => message)
        .join(),
    ).toContain('loan-default has drifted')
    expect(health.get('price-elasticity')).toMatchObject({ status: 'UNHEALTHY' })
    expect(health.get('discount-cap')?.summary).toContain('more than 365 days ago')
    // edge-cluster is down, so nothing is said to be well.
    expect(health.get('card-fraud')).toMatchObject({ status: 'UNKNOWN' })
    expect([...health.values()].map((one) => one?.status)).not.toContain('HEALTHY')
  })
})
