import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance } from 'fastify'
import { calls } from './call.ts'
import type { Answering } from './request.ts'

/** Adds `/graphql`. `apollo`: the server of now; each request keeps the one it began with. */
export function addGraphqlRoute(app: FastifyInstance, apollo: () => ApolloServer, answering: Answering): void {
  // Within `calls.run`, so there is one.
  const contextOf = async () => calls.getStore()?.context ?? {}
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    onRequest: answering.admit,
    handler: (request, reply) => {
      const answer = fastifyApolloHandler(apollo(), { context: contextOf })
      return answering.answer(request, reply, async () => answer.call(app, request, reply))
    },
  })
}
