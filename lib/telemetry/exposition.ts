import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** The type of what `exposition` writes. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const serializer = new PrometheusSerializer(undefined, false, undefined, false, true)

/** What Prometheus calls a unit. */
const unitNames: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' }

/** Writes metrics in Prometheus' text format, with the unit at the end of each name, as Prometheus has it; the serializer does not. */
export function exposition({ resource, scopeMetrics }: ResourceMetrics): string {
  const named = scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.map((metric) => {
      const { name, unit } = metric.descriptor
      const word = unitNames[unit] ?? unit
      return { ...metric, descriptor: { ...metric.descriptor, name: word ? `${name}.${word}` : name, unit: word } }
    }),
  }))
  return serializer.serialize({ resource, scopeMetrics: named })
}
