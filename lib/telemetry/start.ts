import type { Logger } from 'pino'
import { startMetrics } from './metrics.ts'
import type { TracingConfig } from './tracing.ts'

/** What the process tells of itself. */
export interface Telemetry {
  /** All metrics, in Prometheus' text format. */
  metrics(): Promise<string>
  /** Sends what was not sent yet, for 3 seconds at most. */
  close(): Promise<void>
}

/** Measures from now on, and traces where it is configured; what traces is imported only then. One per process. */
export async function startTelemetry(config: TracingConfig, log: Logger): Promise<Telemetry> {
  const { exposition, close } = startMetrics()
  const stopTracing = await traceTo(config, log)
  return {
    metrics: exposition,
    close: async () => {
      await Promise.all([close(), stopTracing?.()])
    },
  }
}

async function traceTo(config: TracingConfig, log: Logger): Promise<(() => Promise<void>) | undefined> {
  if (config.otlp === undefined) return undefined
  const { otlpProcessor, startTracing } = await import('./tracing.ts')
  const processor = otlpProcessor(config, log)
  return processor && startTracing(config, processor)
}
