import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DeliveryAnswer, DeliveryToPassOn } from '#lib/webhook.ts'
import { type Problem, sendProblem } from './problem.ts'

/** Where tools tell of changes. Who may is told by the signature of each message, not by who calls. */
export const WEBHOOKS = '/webhooks/'

const MAX_BYTES = 262_144

/** Messages that are looked at in a second, of all tools together; what they set off is bounded by itself. */
const MAX_PER_SECOND = 100

/** Whoever may take messages: a subgraph here, or one that is a server of its own. undefined: it is for none of its sources. */
export interface Receiver {
  receive?(delivery: DeliveryToPassOn): DeliveryAnswer | undefined | Promise<DeliveryAnswer | undefined>
  /** Is told that a source of any of them sent a message, verified. */
  heard?(source: string): void
}

/** Adds `POST /webhooks/<kind>?source=<id>`: tells the subgraphs that something changed in a tool, if the tool itself says so. */
export async function addWebhookRoute(app: FastifyInstance, receivers: readonly Receiver[]): Promise<void> {
  const takes = createMeter(MAX_PER_SECOND)

  async function receive(request: FastifyRequest, reply: FastifyReply) {
    const { tool } = request.params as { tool: string }
    const { source } = request.query as { source?: unknown }
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String([value].flat()[0])]),
    )
    const header = (name: string) => headers[name.toLowerCase()]
    for (const receiver of receivers) {
      const answer = await receiver.receive?.({ tool, source: String(source), header, headers, body })
      if (!answer) continue
      if (answer.status !== 204) return sendProblem(reply, { ...answer, code: 'WEBHOOK_REFUSED' })
      request.log.info({ tool, source }, 'told of a change')
      for (const other of receivers) other.heard?.(String(source))
      return reply.code(204).send()
    }
    return sendProblem(reply, UNEXPECTED)
  }

  // A scope of its own, since the body is wanted as the bytes that were signed.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('onRequest', async (_request, reply) => (takes() ? undefined : sendProblem(reply, TOO_MANY)))
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode === 413) return sendProblem(reply, TOO_LARGE)
      throw error
    })
    scope.post(`${WEBHOOKS}:tool`, { bodyLimit: MAX_BYTES }, receive)
  })
}

const UNEXPECTED: Problem = {
  status: 404,
  code: 'NOT_FOUND',
  message:
    'No webhook is taken for this source. The address is /webhooks/<kind>?source=<id>, and the source needs a webhookSecret.',
}

const TOO_MANY: Problem = {
  status: 429,
  code: 'RATE_LIMITED',
  message: `More than ${MAX_PER_SECOND} messages came within a second: send this one again in a moment.`,
}

const TOO_LARGE: Problem = {
  status: 413,
  code: 'REQUEST_TOO_LARGE',
  message: `The message is larger than ${MAX_BYTES} bytes.`,
}

/** Counts to a maximum within each second. */
function createMeter(maximum: number): () => boolean {
  let since = performance.now()
  let count = 0
  return () => {
    if (performance.now() - since >= 1_000) {
      since = performance.now()
      count = 0
    }
    count++
    return count <= maximum
  }
}
