import type { MetricResolvers } from '../schema.generated.ts'
import { dateTime } from './times.ts'

/** `Metric`: what is no finite number has a text only. */
export const metricResolvers: MetricResolvers = {
  value: ({ value }) => (Number.isFinite(value) ? value : null),
  text: ({ value }) => String(value),
  recordedAt: ({ recordedAt }) => dateTime(recordedAt),
}
