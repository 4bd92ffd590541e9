import { type Span, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api'

/**
 * Does work within a span; without tracing, just the work. Of an error that the work throws, the span keeps neither
 * message nor stack, which could hold what nobody but the log may know.
 */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('modelops').startActiveSpan(name, options, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      failSpan(span, error instanceof Error ? error.name : typeof error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** Marks a span as failed. `kind`: one of few, such as the reason of an UpstreamError. */
export function failSpan(span: Span, kind: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', kind)
}
