import { context, ProxyTracerProvider, propagation, type TextMapPropagator, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { resource } from './resource.ts'
import { tellOutages } from './trace-export.ts'

/** Milliseconds that one batch may take, and that the last ones may take when the process ends. */
const PATIENCE = 3_000

/** What is configured of traces. */
export type TracingConfig = Config['telemetry']

/** What sends finished spans to the configured address in the background; undefined: none is configured. */
export function otlpProcessor({ otlp }: TracingConfig, log: Logger): SpanProcessor | undefined {
  if (otlp === undefined) return undefined
  const exporter = new OTLPTraceExporter({ url: `${otlp}/v1/traces`, timeoutMillis: PATIENCE })
  return new BatchSpanProcessor(tellOutages(exporter, log))
}

/** Begins to trace, for the whole process, and gives back what ends it. */
export function startTracing(config: TracingConfig, processor: SpanProcessor): () => Promise<void> {
  const provider = new BasicTracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampled) }),
    spanProcessors: [processor],
  })
  const silent = new ProxyTracerProvider()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(propagator(config))
  trace.setGlobalTracerProvider({
    // The gateway's libraries bring tracers along; what theirs would hold is not ours to know.
    getTracer: (name) => (name === 'modelops' ? provider : silent).getTracer(name),
  })
  return async () => {
    for (const api of [trace, context, propagation]) api.disable()
    await Promise.race([provider.shutdown(), new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())])
  }
}

/** W3C's headers: taken from clients, and handed to sources, only where that is configured. */
function propagator({ accept, propagate }: TracingConfig): TextMapPropagator {
  const w3c = new W3CTraceContextPropagator()
  return {
    extract: (context, ...rest) => (accept ? w3c.extract(context, ...rest) : context),
    inject: (...all) => {
      if (propagate) w3c.inject(...all)
    },
    fields: () => w3c.fields(),
  }
}
