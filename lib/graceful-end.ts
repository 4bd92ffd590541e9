import type { FastifyInstance } from 'fastify'

/** Seconds in which requests in flight may finish. */
const PATIENCE = 5

/** The end of a server. */
export interface GracefulEnd {
  /** Whether it has begun. */
  begun(): boolean
  /** Takes no more requests, finishes those in flight for at most 5 seconds, ends. */
  close(): Promise<void>
}

/** Prepares the end of a server, before it listens. */
export function gracefulEnd(app: FastifyInstance): GracefulEnd {
  let begun = false
  // A connection that stays open would hold up the end.
  app.addHook('onSend', async (_request, reply) => {
    if (begun) reply.header('connection', 'close')
  })
  return {
    begun: () => begun,
    async close() {
      begun = true
      const impatience = setTimeout(() => app.server.closeAllConnections(), PATIENCE * 1_000)
      await app.close().finally(() => clearTimeout(impatience))
    },
  }
}
