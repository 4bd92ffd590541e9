import type { Counter, Preset } from './presets.ts'
import { matchers } from './promql.ts'

/** What to ask of one server. */
export interface Wanted {
  readonly selector: Readonly<Record<string, string>>
  readonly metrics: Preset
  readonly windowSeconds: number
  /** Further matchers, each after a comma. */
  readonly matcher: string
}

/** The quantiles that are shown, by the key that their results carry. */
const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const

/**
 * The PromQL of everything that a server's metrics tell, by key. Nothing is divided here: what is absent, zero or no number
 * is told apart afterwards, which no quotient allows.
 */
export function expressions({ selector, metrics, windowSeconds, matcher }: Wanted): Record<string, string> {
  const { modelLabel, versionLabel, requests, errors, spent, histogram, summary, saturation } = metrics
  const chosen = matchers(selector)
  const by = [modelLabel, ...(versionLabel === null ? [] : [versionLabel])]
  const series = ({ metric, where }: Counter, more = '') =>
    `${metric}{${chosen}${matcher}${where === undefined ? '' : `,${where}`}${more}}`
  const rate = (counter: Counter, labels: readonly string[] = by) =>
    `sum by (${labels.join(',')}) (rate(${series(counter)}[${windowSeconds}s]))`
  const each = (name: string, counters: readonly Counter[] | null) =>
    (counters ?? []).map((counter, i) => [`${name}${i}`, rate(counter)])
  const overQuantiles = (expression: (quantile: number) => string) =>
    Object.entries(quantiles).map(([key, quantile]) => [key, expression(quantile)])
  return Object.fromEntries([
    ...each('requests', requests),
    ...each('errors', errors),
    ...(spent
      ? [
          ['spent', rate(spent)],
          ['spenton', rate({ metric: spent.count, where: spent.where })],
        ]
      : []),
    ...(histogram ? overQuantiles((q) => `histogram_quantile(${q},${rate(histogram, [...by, 'le'])})`) : []),
    ...(summary && !histogram
      ? overQuantiles((q) => `max by (${by.join(',')}) (${series(summary, `,quantile="${q}"`)})`)
      : []),
    ...(saturation ?? []).map(({ metric, where, of }, i) => [
      `saturation${i}`,
      of === 'model'
        ? `max by (${modelLabel}) (${series({ metric, where })})`
        : `max(${metric}{${chosen}${where === undefined ? '' : `,${where}`}})`,
    ]),
    ['up', `sum(up{${chosen}})`],
    ['targets', `count(up{${chosen}})`],
  ])
}
