import type { TrafficSeries } from '../port.ts'
import { type Preset, seconds } from './presets.ts'
import type { Point } from './wire.ts'

/** Results of one model and version by key. */
type Values = Map<string, number>

/** Puts the results of a query of `expressions` together: the series of each model, in the graph's units. */
export function seriesByModel(points: readonly Point[], metrics: Preset): Map<string, TrafficSeries[]> {
  const { modelLabel, versionLabel, unversioned } = metrics
  const models = new Map<string, Map<string | null, Values>>()
  for (const { labels, value } of points) {
    const model = labels[modelLabel]
    const key = labels.__q
    // What is in use is no traffic: a model that nobody asks has it as well.
    if (!model || key === undefined || key.startsWith('saturation')) continue
    const label = versionLabel === null ? undefined : labels[versionLabel]
    const version = !label || label === unversioned ? null : label
    const versions = models.get(model) ?? new Map<string | null, Values>()
    const values = versions.get(version) ?? new Map()
    models.set(model, versions.set(version, values.set(key, value)))
  }
  return new Map(
    [...models].map(([model, versions]) => [
      model,
      [...versions].map(([version, values]) => seriesOf(version, values, metrics)),
    ]),
  )
}

/** How full the fullest thing is that a server tells of one of its models, 0 to 1; null: it tells of none. */
export function saturationOf(points: readonly Point[], metrics: Preset, model: string): number | null {
  const shares = (metrics.saturation ?? []).flatMap(({ full, of }, i) =>
    points
      .filter(({ labels }) => labels.__q === `saturation${i}`)
      .filter(({ labels }) => of === 'server' || labels[metrics.modelLabel] === model)
      .map(({ value }) => value / full),
  )
  const known = shares.filter((share) => Number.isFinite(share))
  // Prometheus tells a moment at which more was asked for than there is.
  return known.length === 0 ? null : Math.min(1, Math.max(0, ...known))
}

function seriesOf(version: string | null, values: Values, metrics: Preset): TrafficSeries {
  const { requests, errors, spent, histogram, summary } = metrics
  const requestsPerSecond = sum(values, 'requests', requests.length)
  const unit = seconds[(histogram ?? summary)?.unit ?? 's']
  const quantile = (key: string) => {
    const value = values.get(key)
    return value === undefined ? null : value * unit
  }
  const [time, count] = [values.get('spent'), values.get('spenton')]
  return {
    ...{ version, requestsPerSecond },
    // A counter of failures that nothing has counted up yet is often not there at all.
    errorsPerSecond: errors && requestsPerSecond !== null ? (sum(values, 'errors', errors.length) ?? 0) : null,
    spent:
      spent && time !== undefined && count !== undefined
        ? { seconds: time * seconds[spent.unit], requests: count }
        : null,
    ...{ p50Seconds: quantile('p50'), p95Seconds: quantile('p95'), p99Seconds: quantile('p99') },
  }
}

/** null: none of them is there. */
function sum(values: Values, name: string, count: number): number | null {
  const found = Array.from({ length: count }, (_, i) => values.get(`${name}${i}`)).filter((one) => one !== undefined)
  return found.length === 0 ? null : found.reduce((total, one) => total + one, 0)
}
