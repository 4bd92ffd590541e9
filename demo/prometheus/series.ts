/** A series: its labels, the metric's name as `__name__` among them, and its value at a moment in seconds since 1970. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** null: there is none then, since nobody publishes it. */
  at(seconds: number): number | null
}

/** A value, or its course over time. */
type Course = number | ((seconds: number) => number | null)

/** A gauge. */
export function gauge(name: string, labels: Readonly<Record<string, string>>, value: Course): Series {
  return { labels: { __name__: name, ...labels }, at: typeof value === 'number' ? () => value : value }
}

/** A counter that has gone up by so much each second, since 1970. */
export function counter(name: string, labels: Readonly<Record<string, string>>, perSecond: number): Series {
  return { labels: { __name__: name, ...labels }, at: (seconds) => seconds * perSecond }
}

/** The buckets of a histogram whose observations, so many a second, are spread evenly between 0 and `longest`. */
export function histogram(
  name: string,
  labels: Readonly<Record<string, string>>,
  { perSecond, longest, bounds }: { perSecond: number; longest: number; bounds: readonly number[] },
): Series[] {
  const below = (bound: number) => perSecond * Math.min(1, bound / longest)
  return [
    ...bounds.map((bound) => counter(`${name}_bucket`, { ...labels, le: String(bound) }, below(bound))),
    counter(`${name}_bucket`, { ...labels, le: '+Inf' }, perSecond),
    counter(`${name}_count`, labels, perSecond),
    counter(`${name}_sum`, labels, (perSecond * longest) / 2),
  ]
}
