import type { GraphQLDataSource } from '@apollo/gateway'
import { context, isSpanContextValid, propagation, type Span, SpanKind } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import { failSpan, inSpan } from '#lib/telemetry/span.ts'

/** Answers a query within a span, which continues the client's trace where that is configured. */
export function inRequestSpan<T>(
  { id, method, headers, routeOptions: { url = '' } }: FastifyRequest,
  answer: (span: Span) => Promise<T>,
): Promise<T> {
  const attributes = { 'http.request.method': method, 'http.route': url, 'modelops.request_id': id }
  return context.with(propagation.extract(context.active(), headers), () =>
    inSpan(`${method} ${url}`, { kind: SpanKind.SERVER, attributes }, answer),
  )
}

/** How a query ended, for its span. */
export interface Ended {
  readonly status: number
  readonly operation: string | undefined
  readonly errors: number
}

/** Puts the end of a query into its span. */
export function endRequestSpan(span: Span, { status, operation, errors }: Ended): void {
  span.setAttributes({ 'http.response.status_code': status, 'modelops.errors': errors })
  if (operation !== undefined) span.setAttribute('graphql.operation.name', operation.slice(0, 100))
  if (status >= 500) failSpan(span, String(status))
}

/** The id of the trace that a query is part of, for its lines in the log; nothing without tracing. */
export function traceIdOf(span: Span): { traceId?: string } {
  const own = span.spanContext()
  return isSpanContextValid(own) ? { traceId: own.traceId } : {}
}

/** A subgraph whose every fetch is in a span of its own. */
export function tracedSubgraph(name: string, source: GraphQLDataSource): GraphQLDataSource {
  return {
    process: (options) =>
      inSpan(`fetch ${name}`, { attributes: { 'modelops.subgraph': name } }, async (span) => {
        const answer = await source.process(options)
        if (answer.errors && answer.errors.length > 0) span.setAttribute('modelops.errors', answer.errors.length)
        return answer
      }),
  }
}
