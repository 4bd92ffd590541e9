import { context, defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'

/** Between gateway and subgraphs the trace always goes on: what is configured is for clients and sources. */
const w3c = new W3CTraceContextPropagator()

/** Headers that name the trace to a subgraph's server; none without tracing. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  w3c.inject(context.active(), headers, defaultTextMapSetter)
  return headers
}

/** Works within the trace that the gateway named. */
export function continueTrace<T>(headers: object, work: () => T): T {
  return context.with(w3c.extract(ROOT_CONTEXT, headers, defaultTextMapGetter), work)
}
