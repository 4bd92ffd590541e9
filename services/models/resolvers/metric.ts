import type { MetricRecord } from '../port.ts'
import type { Metric } from '../schema.generated.ts'
import { dateTime } from './times.ts'

/** A metric as the graph shows it: what is no finite number has a text only. */
export function metricOf({ name, value, step, recordedAt, dataset }: MetricRecord): Metric {
  return {
    name,
    value: Number.isFinite(value) ? value : null,
    text: String(value),
    step,
    recordedAt: dateTime(recordedAt),
    dataset,
  }
}
