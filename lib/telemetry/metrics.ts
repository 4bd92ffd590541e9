import { metrics } from '@opentelemetry/api'
import { AggregationTemporality, InstrumentType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { exposition } from './exposition.ts'
import { addGauges } from './gauges.ts'
import { addProcessGauges } from './process.ts'
import { resource } from './resource.ts'

/** What is measured of the process. */
export interface Metrics {
  /** All metrics, in Prometheus' text format. */
  exposition(): Promise<string>
  close(): Promise<void>
}

/** Begins to measure, for the whole process. Nothing is sent anywhere: who wants to know must ask. */
export function startMetrics(): Metrics {
  const reader = new OnDemand({
    // Cumulative gauges would go on to show what is not there any more.
    aggregationTemporalitySelector: (type) =>
      type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const meter = provider.getMeter('modelops')
  addGauges(meter)
  addProcessGauges(meter)
  return {
    exposition: async () => exposition((await reader.collect()).resourceMetrics),
    close: async () => {
      metrics.disable()
      await provider.shutdown()
    },
  }
}

/** Reads when asked. The reader of the Prometheus exporter would bring a server of its own along. */
class OnDemand extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
