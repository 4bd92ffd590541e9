import type { TrafficSeries } from './port.ts'
import type { Traffic } from './schema.generated.ts'

/** The numbers of a served model. */
type Figures = Pick<
  Traffic,
  | 'covers'
  | 'requestsPerSecond'
  | 'errorRatio'
  | 'latencyMeanSeconds'
  | 'latencyP50Seconds'
  | 'latencyP95Seconds'
  | 'latencyP99Seconds'
>

/**
 * The numbers of one version out of the series of its name; null: there are none. Requests that named no version cannot be
 * ascribed to one: then the numbers are those of all versions together, and said to be.
 */
export function figuresOf(series: readonly TrafficSeries[], version: string | null): Figures | null {
  const own = series.filter((one) => version !== null && one.version === version)
  const unnamed = series.filter((one) => one.version === null)
  const ofModel = version === null || (own.length === 0 ? unnamed.length > 0 : unnamed.some(isBusy))
  const counted = (ofModel ? series : own).filter((one) => one.requestsPerSecond !== null)
  if (counted.length === 0) return null
  const requests = sum(counted.map((one) => one.requestsPerSecond))
  const errors = sum(counted.map((one) => one.errorsPerSecond))
  const spent = counted.flatMap((one) => one.spent ?? [])
  return {
    covers: ofModel ? 'MODEL' : 'VERSION',
    requestsPerSecond: finite(requests),
    // Rates of two counters are taken at one moment and still round differently.
    errorRatio: errors === null ? null : finite(Math.min(1, errors / (requests ?? 0))),
    latencyMeanSeconds: finite(total(spent.map((one) => one.seconds)) / total(spent.map((one) => one.requests))),
    ...quantilesOf(counted),
  }
}

/** Quantiles of several versions cannot be put together: only of one that alone has requests. */
function quantilesOf(counted: readonly TrafficSeries[]) {
  const busy = counted.filter(isBusy)
  const [only] = busy.length === 1 ? busy : []
  return {
    latencyP50Seconds: finite(only?.p50Seconds ?? null),
    latencyP95Seconds: finite(only?.p95Seconds ?? null),
    latencyP99Seconds: finite(only?.p99Seconds ?? null),
  }
}

const isBusy = ({ requestsPerSecond }: TrafficSeries) => (requestsPerSecond ?? 0) > 0

const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

/** null: none is told. */
function sum(values: readonly (number | null)[]): number | null {
  const told = values.filter((value) => value !== null)
  return told.length === 0 ? null : total(told)
}

/** What JSON has no word for is no number: NaN is what Prometheus makes of a quotient without requests. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
