import type { FastifyInstance } from 'fastify'
import type { Refused } from './supergraph.ts'

/** Whether the gateway can answer well, and why not; `detail` is shown to anybody who reaches the port. */
export interface Readiness {
  readonly ready: boolean
  readonly detail?: unknown
  /** Why the supergraph's file is not what is served; the last good one is, so that the gateway is ready all the same. */
  readonly supergraphRefused?: Refused
  /** Names of teams' subgraphs that are left out of the graph, or are in it as they were before; the log tells why. */
  readonly subgraphsRefused?: readonly string[]
}

/** Of a gateway that answers already but is not `complete`: what is not needed for a first answer is still being made. */
export const readiness = (complete: boolean): Readiness =>
  complete ? { ready: true } : { ready: false, detail: 'starting' }

/** Adds `/health/live` (the process runs) and `/health/ready` (it should be sent requests), open to anybody. */
export function addHealthRoutes(app: FastifyInstance, ready: () => Readiness): void {
  app.get('/health/live', () => ({ live: true }))
  app.get('/health/ready', (_request, reply) => {
    const readiness = ready()
    return reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
}
