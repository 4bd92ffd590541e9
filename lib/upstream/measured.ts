import { context, propagation, SpanKind } from '@opentelemetry/api'
import type { Dispatcher } from 'undici'
import { failSpan, inSpan } from '#lib/telemetry/span.ts'
import { measureAttempt } from '#lib/telemetry/upstream.ts'
import { exchange, type Outcome } from './exchange.ts'
import type { Limit } from './limit.ts'
import type { Prepared } from './prepare.ts'
import type { UpstreamOptions } from './settings.ts'

/** `exchange`, measured and in a span of its own. `number`: 1 is the first attempt. */
export function measuredExchange(
  options: UpstreamOptions,
  dispatcher: Dispatcher,
  prepared: Prepared,
  limit: Limit,
  number: number,
): Promise<{ readonly outcome: Outcome; readonly milliseconds: number }> {
  const { id } = options.source
  const { method } = prepared.request
  const attributes = { 'modelops.source': id, 'modelops.attempt': number, 'http.request.method': method }
  return inSpan(`${method} ${id}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const headers: Record<string, string> = { ...prepared.headers }
    propagation.inject(context.active(), headers)
    const started = performance.now()
    const outcome = await exchange(options, dispatcher, { ...prepared, headers }, limit)
    const milliseconds = performance.now() - started
    measureAttempt(id, number, milliseconds)
    const status = 'answer' in outcome ? outcome.answer.status : outcome.failed.error.status
    if (status !== undefined) span.setAttribute('http.response.status_code', status)
    span.setAttribute('modelops.outcome', 'answer' in outcome ? 'ok' : outcome.failed.error.reason)
    if ('failed' in outcome) failSpan(span, outcome.failed.error.reason)
    return { outcome, milliseconds }
  })
}
