import type { FastifyInstance } from 'fastify'
import { once } from '#lib/once.ts'
import { calls } from '../call.ts'
import { sendProblem } from '../problem.ts'
import type { Answering } from '../request.ts'
import type { EvidenceOptions } from './reply.ts'

/** What `addEvidenceRoute` needs. */
export interface EvidenceRoute extends EvidenceOptions {
  readonly answering: Answering
}

/**
 * Adds `GET /evidence?of=<id or name of a model>`: a zip with all that the caller may know of it. Admitted as one query is.
 * What packs are made with is imported for the first one.
 */
export function addEvidenceRoute(app: FastifyInstance, { answering, ...options }: EvidenceRoute): void {
  const answer = once(async () => (await import('./reply.ts')).createEvidenceReply(options))

  app.get<{ Querystring: { of?: string | string[] } }>(
    '/evidence',
    { exposeHeadRoute: false, onRequest: answering.admit },
    (request, reply) => {
      const { of } = request.query
      if (typeof of !== 'string' || of === '') return sendProblem(reply, WHICH)
      return answering.answer(request, reply, async () => {
        const call = calls.getStore()
        if (!call) throw new Error('a pack is asked for within a request')
        return (await answer())(of, call, reply)
      })
    },
  )
}

const WHICH = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'Say of which model, by its id or name, encoded: /evidence?of=Model%3Amlflow%3Achurn',
}
