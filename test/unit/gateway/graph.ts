import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLFieldResolver } from 'graphql'
import type { GatewayConfig } from '#gateway/config.ts'
import { createGateway, type Gateway, type GatewayOptions } from '#gateway/gateway.ts'
import { gateway as settings } from '#lib/config/limits.ts'
import type { RequestContext } from '#lib/context.ts'
import { createLog } from '#lib/log.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { compose } from '../../../schema/compose.ts'
import { parseSubgraph } from '../../../schema/subgraphs.ts'

type Resolvers = Record<string, Record<string, GraphQLFieldResolver<never, RequestContext>>>

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external"])'

const models = `
  type Query { models(first: Int = 2): [Model] model(id: ID!): Model answer: Int again: Query @shareable }
  type Mutation { rename(id: ID!, name: String!): Model }
  type Model @key(fields: "id") { id: ID! name: String owner: Owner }
  type Owner { name: String models(first: Int): [Model] }
`
const serving = `
  type Query { endpoints: [Endpoint] asked: Asked again: Query @shareable }
  type Endpoint { name: String model: Model }
  type Model @key(fields: "id") { id: ID! endpoints: [Endpoint] traffic: Int load: Int! }
  type Asked { requestId: String subject: String maxAgeSeconds: Int }
`

const bothNames = { m1: 'churn', m2: 'fraud' }

const modelsResolvers: Resolvers = {
  Query: {
    models: () => Object.keys(bothNames).map((id) => ({ id })),
    model: (_, { id }) => ({ id }),
    answer: () => 42,
    again: () => ({}),
  },
  Mutation: { rename: (_, { id, name }) => ({ id, name }) },
  Model: {
    name: ({ id, name }: { id: keyof typeof bothNames; name?: string }) => name ?? bothNames[id],
    owner: () => ({ name: 'team', models: [{ id: 'm1' }] }),
  },
}

const servingResolvers: Resolvers = {
  Query: {
    endpoints: () => [{ name: 'churn-live', model: { id: 'm1' } }],
    asked: (_, __, { requestId, caller, maxAgeSeconds }) => ({ requestId, subject: caller.subject, maxAgeSeconds }),
    again: () => ({}),
  },
  Model: {
    endpoints: ({ id }: { id: string }) => [{ name: `${id}-live` }],
    traffic: () => 7,
    load: () => 1,
  },
}

/** Of two parts: models, and what serves them. */
export const supergraphSdl = compose([
  parseSubgraph('models', `${federation}\n${models}`),
  parseSubgraph('serving', `${federation}\n${serving}`),
]).supergraphSdl

/** Both parts as they answer when all is well, with single fields' resolvers replaced. */
export function subgraphs(replaced: { models?: Resolvers; serving?: Resolvers } = {}): Subgraph[] {
  return [
    subgraph('models', models, merge(modelsResolvers, replaced.models)),
    subgraph('serving', serving, merge(servingResolvers, replaced.serving)),
  ]
}

function merge(normal: Resolvers, replaced: Resolvers = {}): Resolvers {
  return Object.fromEntries(Object.entries(normal).map(([type, fields]) => [type, { ...fields, ...replaced[type] }]))
}

function subgraph(name: string, sdl: string, resolvers: Resolvers): Subgraph {
  const { typeDefs } = parseSubgraph(name, `${federation}\n${sdl}`)
  return {
    name,
    sources: [],
    schema: buildSubgraphSchema({ typeDefs, resolvers: resolvers as never }),
    start: async () => {},
    async close() {},
  }
}

/** What a test may say of its gateway. */
export interface Setting extends Partial<Omit<GatewayOptions, 'config' | 'log'>> {
  config?: Partial<Omit<GatewayConfig, 'limits' | 'concurrency'>> & {
    limits?: Partial<GatewayConfig['limits']>
    concurrency?: Partial<GatewayConfig['concurrency']>
  }
}

/** A gateway over the two parts, on a free port once it listens, and the lines it logs. */
export async function gateway({
  config,
  ...rest
}: Setting = {}): Promise<Gateway & { lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  const options = {
    supergraphSdl,
    subgraphs: subgraphs(),
    log,
    config: settings.parse({ port: 0, ...config }),
    ...rest,
  }
  return { ...(await createGateway(options)), lines }
}

/** An answer in GraphQL's form. */
export interface Answer {
  status: number
  headers: Record<string, unknown>
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
  extensions?: unknown
}

/** Asks without a socket, as a loopback peer. */
export async function ask(
  { app }: Gateway,
  query: string,
  {
    variables,
    headers,
    accept = 'application/json',
  }: { variables?: object; headers?: Record<string, string>; accept?: string } = {},
): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { accept, ...headers },
    payload: { query, variables },
  })
  return { status: response.statusCode, headers: response.headers, ...response.json() }
}
