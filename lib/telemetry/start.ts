import type { Logger } from 'pino'
import { startMetrics } from './metrics.ts'
import { otlpProcessor, startTracing, type TracingConfig } from './tracing.ts'

/** What the process tells of itself. */
export interface Telemetry {
  /** All metrics, in Prometheus' text format. */
  metrics(): Promise<string>
  /** Sends what was not sent yet, for 3 seconds at most. */
  close(): Promise<void>
}

/** Measures from now on, and traces where it is configured. One per process. */
export function startTelemetry(config: TracingConfig, log: Logger): Telemetry {
  const { exposition, close } = startMetrics()
  const processor = otlpProcessor(config, log)
  const stopTracing = processor && startTracing(config, processor)
  return {
    metrics: exposition,
    close: async () => {
      await Promise.all([close(), stopTracing?.()])
    },
  }
}
