import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance } from 'fastify'
import { calls } from './call.ts'
import { inTurn, refuseEarly, type Turns } from './in-turn.ts'

/** What `addGraphqlRoute` needs. */
export interface GraphqlRoute extends Turns {
  /** The server of now; each request keeps the one it began with. */
  readonly apollo: () => ApolloServer
}

/** Adds `/graphql`. */
export function addGraphqlRoute(app: FastifyInstance, { apollo, ...turns }: GraphqlRoute): void {
  // Within `calls.run`, so there is one.
  const contextOf = async () => calls.getStore()?.context ?? {}
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    onRequest: refuseEarly(turns.overload),
    handler(request, reply) {
      const answer = fastifyApolloHandler(apollo(), { context: contextOf })
      return inTurn(turns, 'graphql', request, reply, async () => answer.call(app, request, reply))
    },
  })
}
