import type { FastifyReply } from 'fastify'
import { eventLoopDelay } from '#lib/telemetry/event-loop.ts'
import { watched } from '#lib/telemetry/watched.ts'
import { createBulkhead } from '#lib/upstream/bulkhead.ts'
import { isTimeout, startLimit } from '#lib/upstream/limit.ts'
import type { GatewayConfig } from './config.ts'
import { sendProblem } from './problem.ts'

/** Why a query is not taken, and when it may be. */
export interface Refused {
  readonly message: string
  readonly retryAfterSeconds: number
}

/** How many queries are answered at a time, and what becomes of the others. */
export interface Overload {
  /** Why a query that came now would be refused; undefined: it would be answered or wait. */
  refusal(): Refused | undefined
  /** Works when it is its turn; says why not when that comes too late, or when the signal ends before. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<{ readonly done: T } | { readonly refused: Refused }>
  /** Whether a query is being answered. */
  busy(): boolean
  /** Why no further queries should be sent here, told before any is refused; undefined: they may be. */
  pressure(): string | undefined
  close(): void
}

/** First come, first served. A query gives up waiting after half of its deadline: what was left would not be enough for it. */
export function createOverload(
  { running, waiting, eventLoopDelayMilliseconds }: GatewayConfig['concurrency'],
  deadlineMilliseconds: number,
): Overload {
  const full = new Error('The queue is full.')
  const queue = createBulkhead(running, waiting, () => full)
  const patience = deadlineMilliseconds / 2
  /** Seconds that a query took lately, the latest ones counting most. */
  let typical = 1
  watched.queues.add(queue)

  const refused = (why: string): Refused => {
    const turn = Math.ceil((typical * (queue.waiting + 1)) / running)
    const retryAfterSeconds = Math.min(Math.max(turn, 1), 60)
    return { message: `${why} Ask again in ${retryAfterSeconds} s.`, retryAfterSeconds }
  }
  const tooMany = () =>
    refused(
      `The gateway is asked more than it can answer: ${running} queries are being answered and ${waiting} wait (gateway.concurrency).`,
    )
  const tooLate = () =>
    refused(`The gateway is asked more than it can answer: this query waited ${patience} ms and had no turn.`)

  return {
    refusal: () => (queue.running >= running && queue.waiting >= waiting ? tooMany() : undefined),
    async run(signal, work) {
      const limit = startLimit(patience, signal)
      let begun = false
      try {
        return await queue.run('request', limit.signal, async () => {
          begun = true
          limit.stop()
          const started = performance.now()
          const done = await work()
          typical += ((performance.now() - started) / 1_000 - typical) / 10
          return { done }
        })
      } catch (error) {
        if (begun) throw error
        return { refused: isTimeout(error) ? tooLate() : tooMany() }
      } finally {
        limit.stop()
      }
    },
    busy: () => queue.running > 0,
    pressure() {
      if (queue.waiting > waiting / 2) return `overloaded: ${queue.waiting} queries wait for their turn`
      const late = Math.round(eventLoopDelay().mean * 1_000)
      return late > eventLoopDelayMilliseconds ? `overloaded: the process is ${late} ms late on average` : undefined
    },
    close: () => {
      watched.queues.delete(queue)
    },
  }
}

/** Answers a query that is not taken. */
export function sendRefused(reply: FastifyReply, { message, retryAfterSeconds }: Refused): FastifyReply {
  reply.header('retry-after', retryAfterSeconds)
  return sendProblem(reply, { status: 503, code: 'OVERLOADED', message })
}
