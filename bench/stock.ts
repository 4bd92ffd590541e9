import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import Fastify from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { RequestContext } from '#lib/context.ts'
import type { Subgraph } from '#lib/subgraph.ts'

/** Apollo's gateway as its documentation sets it up, with each subgraph executed in this process. Tells where it listens. */
export async function startStock(subgraphs: readonly Subgraph[], supergraphSdl: string, log: Logger): Promise<string> {
  // Does nothing but to count, and asks the network for it.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
  const schemas = new Map<string, GraphQLSchema>()
  for (const { name, schema } of subgraphs) schemas.set(name, await schema)
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => {
      const schema = schemas.get(name)
      if (!schema) throw new Error(`no subgraph ${name}`)
      return new LocalGraphQLDataSource(schema)
    },
  })
  const server = new ApolloServer<RequestContext>({ gateway, plugins: [ApolloServerPluginUsageReportingDisabled()] })
  await server.start()
  const app = Fastify()
  const caller = { subject: 'local', roles: ['admin'], scopes: [] }
  const context = async ({ id }: { id: string }): Promise<RequestContext> => ({
    ...{ requestId: id, caller, signal: AbortSignal.timeout(30_000), log },
  })
  app.post('/graphql', fastifyApolloHandler(server, { context }))
  return await app.listen({ host: '127.0.0.1', port: 0 })
}
