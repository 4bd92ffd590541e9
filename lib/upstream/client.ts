import { setTimeout as sleep } from 'node:timers/promises'
import { countEnding, countRequest } from '#lib/telemetry/upstream.ts'
import { type WatchedSource, watched } from '#lib/telemetry/watched.ts'
import { createBreaker } from './breaker.ts'
import { createBulkhead, type Purpose } from './bulkhead.ts'
import { createDispatcher } from './dispatcher.ts'
import { UpstreamError } from './error.ts'
import { type Answer, timedOut } from './exchange.ts'
import { failed } from './failed.ts'
import { isTimeout, type Limit, startLimit, until } from './limit.ts'
import { measuredExchange } from './measured.ts'
import { defaultPolicy } from './policy.ts'
import { createPrepare, type Prepared } from './prepare.ts'
import { createResponse } from './response.ts'
import { createRetries } from './retries.ts'
import { REQUESTS_AT_A_TIME, type UpstreamOptions } from './settings.ts'
import { createSingleFlight } from './single-flight.ts'
import type { Upstream } from './upstream.ts'

/**
 * The HTTP client of one source. A request joins an identical one or waits for a slot; from then on it has its time
 * limit, within which the source is asked, again if that may help, unless it failed too often. Throws when the
 * configured credentials or certificate authority cannot be used.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { source, http, state, log, maxConcurrent = REQUESTS_AT_A_TIME, policy = defaultPolicy } = options
  const prepare = createPrepare(source)
  const dispatcher = createDispatcher(options)
  const flights = createSingleFlight<Answer>()
  const bulkhead = createBulkhead(maxConcurrent, policy.queue, () => crowded(source.id, policy.queue))
  const retries = createRetries(policy.retries)
  const breaker = createBreaker(source.id, policy.breaker)
  const limits: Record<Purpose, number> = {
    request: source.timeouts?.requestTimeout ?? http.requestTimeout,
    index: source.timeouts?.indexTimeout ?? http.indexTimeout,
  }

  const load: WatchedSource = {
    source: source.id,
    load: () => ({ running: bulkhead.running, waiting: bulkhead.waiting, breaker: breaker.state() }),
  }
  watched.sources.add(load)

  /** Takes note of a failure that the source is to blame for. */
  const noted = (error: UpstreamError): UpstreamError => {
    const { reason, status, message, cause } = error
    // A source that is down stays so for hours, and is asked again and again.
    const level = state.failed(error) ? 'warn' : 'debug'
    log[level]({ source: source.id, reason, status, err: cause }, message)
    return error
  }

  const attempt = async (prepared: Prepared, limit: Limit, number: number) => {
    const { outcome, milliseconds } = await measuredExchange(options, dispatcher, prepared, limit, number)
    const ms = Math.round(milliseconds)
    const status = 'answer' in outcome ? outcome.answer.status : outcome.failed.error.status
    const { method, path } = prepared.request
    log.debug({ source: source.id, method, path, status, ms, attempt: number }, 'asked a source')
    if ('answer' in outcome && state.succeeded(ms)) log.info({ source: source.id }, 'the source answers again')
    return outcome
  }

  const attempts = async (prepared: Prepared, limit: Limit): Promise<Answer> => {
    retries.begin()
    for (let number = 1; ; number++) {
      const outcome = await until(
        limit.signal,
        breaker.attempt(() => attempt(prepared, limit, number)),
      )
      if ('answer' in outcome) return outcome.answer
      const wait = breaker.refusal() ? undefined : retries.wait(number, outcome.failed, limit.remaining())
      if (wait === undefined) throw noted(outcome.failed.error)
      await sleep(wait, undefined, { signal: limit.signal })
    }
  }

  const fly = (prepared: Prepared, purpose: Purpose, signal: AbortSignal) =>
    bulkhead.run(purpose, signal, async () => {
      const limit = startLimit(limits[purpose], signal)
      try {
        return await attempts(prepared, limit)
      } catch (error) {
        const late = limit.signal.aborted && !signal.aborted && !(error instanceof UpstreamError)
        throw late ? noted(timedOut(source.id, limit.milliseconds).error) : error
      } finally {
        limit.stop()
      }
    })

  return {
    request: async (request, { signal, purpose = 'request' }) => {
      if (signal.aborted) throw isTimeout(signal.reason) ? timedOut(source.id, 'not asked').error : signal.reason
      const prepared = prepare(request)
      const refusal = breaker.refusal()
      if (refusal) {
        countEnding(source.id, 'LEFT_ALONE')
        throw refusal
      }
      const key = JSON.stringify([purpose, request.method, prepared.target.path, prepared.body, request.accept])
      try {
        const answer = await flights(key, signal, (shared) =>
          countRequest(source.id, () => fly(prepared, purpose, shared)),
        )
        return createResponse(source.id, answer, (error) => {
          countEnding(source.id, error.reason)
          noted(error)
        })
      } catch (error) {
        throw isTimeout(error) ? noted(timedOut(source.id, 'deadline').error) : error
      }
    },
    close: () => {
      watched.sources.delete(load)
      return dispatcher.destroy()
    },
  }
}

function crowded(source: string, queue: number): UpstreamError {
  const message = `answers too slowly: ${queue} requests wait for it already. Ask for less at a time, or later.`
  return failed(source, { reason: 'TIMEOUT', message }).error
}
