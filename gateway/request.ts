import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Caller } from '#lib/caller.ts'
import { type Call, calls } from './call.ts'
import { startClock } from './clock.ts'
import { type Overload, sendRefused } from './overload.ts'
import { sendProblem } from './problem.ts'
import { endRequestSpan, inRequestSpan, traceIdOf } from './tracing.ts'

/** What `createAnswering` needs. */
export interface AnsweringOptions {
  readonly deadlineMilliseconds: number
  readonly overload: Overload
  readonly log: Logger
  readonly callerOf: (request: FastifyRequest) => Caller
}

/** How every question to the graph is taken, whatever form its answer has. */
export interface Answering {
  /** To be called before anything of the question is read: refuses it when too much is asked already. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
  /** Works within `calls`, when it is the request's turn and at most until its deadline. */
  answer(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown>
}

/** Gives each request its turn, its context, its deadline, its span and its line in the log. */
export function createAnswering(options: AnsweringOptions): Answering {
  const { deadlineMilliseconds, overload, log, callerOf } = options
  return {
    async admit(_request, reply) {
      const refused = overload.refusal()
      return refused && sendRefused(reply, refused)
    },
    answer: (request, reply, work) =>
      inRequestSpan(request, async (span) => {
        const key = idempotencyKey(request.headers['idempotency-key'])
        if (key === 'unusable') return sendProblem(reply, UNUSABLE_KEY)
        const started = performance.now()
        const clock = startClock(deadlineMilliseconds, reply.raw)
        const { signal, cutOff, sourcesUntil } = clock
        const caller = callerOf(request)
        const context = {
          requestId: request.id,
          caller,
          signal,
          cutOff,
          sourcesUntil,
          log: log.child({ requestId: request.id, ...traceIdOf(span) }),
          ...maxAge(request.headers['cache-control']),
          ...key,
        }
        const call: Call = { context, operation: undefined, errors: 0 }
        try {
          const turn = await overload.run(signal, () => Promise.race([calls.run(call, work), clock.over]))
          if ('refused' in turn) return sendRefused(reply, turn.refused)
          if (turn.done !== 'over') return turn.done
          return sendProblem(reply, overdue(deadlineMilliseconds))
        } finally {
          clock.stop()
          const line = {
            operation: call.operation,
            milliseconds: Math.round(performance.now() - started),
            // 499 is nginx's for a client that did not wait.
            status: clock.clientGone() ? 499 : reply.statusCode,
            errors: call.errors,
            caller: caller.subject,
          }
          endRequestSpan(span, line)
          context.log.info(line, 'graphql')
        }
      }),
  }
}

function overdue(milliseconds: number) {
  return {
    status: 504,
    code: 'REQUEST_TIMEOUT',
    message: `The gateway could not answer within ${milliseconds} milliseconds (gateway.requestDeadlineMilliseconds). Ask for less at once, or again later.`,
  }
}

/** How old data may be, from `Cache-Control`; the stricter of two. */
function maxAge(cacheControl: string | undefined): { maxAgeSeconds?: number } {
  const directives = (cacheControl ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (directives.includes('no-cache')) return { maxAgeSeconds: 0 }
  const seconds = directives.map((directive) => /^max-age="?(\d{1,10})"?$/.exec(directive)?.[1]).find(Boolean)
  return seconds === undefined ? {} : { maxAgeSeconds: Number(seconds) }
}

/** The client's key for what it asks to be done, or that what it sent is none. */
function idempotencyKey(given: string | string[] | undefined): { idempotencyKey?: string } | 'unusable' {
  if (given === undefined) return {}
  // Taken for none, a second try would be done a second time.
  return typeof given === 'string' && given !== '' && given.length <= 255 ? { idempotencyKey: given } : 'unusable'
}

const UNUSABLE_KEY = {
  status: 400,
  code: 'BAD_USER_INPUT',
  message: 'Idempotency-Key: expected text of 1 to 255 characters, once.',
}
