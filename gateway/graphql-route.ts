import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance } from 'fastify'
import { calls } from './call.ts'
import { type AskingRoute, inTurn } from './in-turn.ts'
import { sendRefused } from './overload.ts'

/** Adds `/graphql`. */
export function addGraphqlRoute(app: FastifyInstance, route: AskingRoute): void {
  // Within `calls.run`, so there is one.
  const contextOf = async () => calls.getStore()?.context ?? {}
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    // Before anything of the query is read.
    async onRequest(_request, reply) {
      const refused = route.overload.refusal()
      if (refused) return sendRefused(reply, refused)
    },
    handler: (request, reply) => {
      const answer = fastifyApolloHandler(route.apollo(), { context: contextOf })
      return inTurn(route, 'graphql', request, reply, async () => answer.call(app, request, reply))
    },
  })
}
