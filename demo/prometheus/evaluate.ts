import type { Expression, Matcher } from './parse.ts'
import type { Series } from './series.ts'

/** One element of an instant vector. */
export interface Element {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Samples within a range: a real server has one per scrape. */
const SAMPLES = 10

/** The vector that an expression gives at a moment, in seconds since 1970. Throws on a call that it has no meaning for. */
export function evaluate(expression: Expression, series: readonly Series[], at: number): Element[] {
  switch (expression.kind) {
    case 'selector':
      if (expression.seconds !== undefined) throw new Error('invalid expression type "range vector"')
      return chosen(series, expression.matchers).flatMap((one) => {
        const value = one.at(at)
        return value === null ? [] : [{ labels: one.labels, value }]
      })
    case 'aggregation':
      return aggregated(expression, evaluate(expression.of, series, at))
    case 'or': {
      const left = evaluate(expression.left, series, at)
      const known = new Set(left.map(signature))
      return [...left, ...evaluate(expression.right, series, at).filter((one) => !known.has(signature(one)))]
    }
    case 'call':
      return called(expression.name, expression.args, series, at)
    default:
      throw new Error('expected type instant vector')
  }
}

function called(name: string, args: readonly Expression[], series: readonly Series[], at: number): Element[] {
  const [first, second, third] = args
  if (name === 'rate' && first?.kind === 'selector' && first.seconds !== undefined) {
    return rates(chosen(series, first.matchers), first.seconds, at)
  }
  if (name === 'histogram_quantile' && first?.kind === 'number' && second) {
    return quantiles(first.value, evaluate(second, series, at))
  }
  if (name === 'label_replace' && first && second?.kind === 'text' && third?.kind === 'text') {
    return evaluate(first, series, at).map(({ labels, value }) => ({
      labels: { ...labels, [second.value]: third.value },
      value,
    }))
  }
  throw new Error(`unexpected arguments in call to ${name}`)
}

function chosen(series: readonly Series[], matchers: readonly Matcher[]): Series[] {
  const tests = matchers.map(({ label, operator, value }) => {
    // RE2 and JavaScript agree on what label values are escaped to.
    const pattern = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's') : undefined
    return ({ labels }: Series) => {
      const found = (Object.hasOwn(labels, label) && labels[label]) || ''
      return (pattern ? pattern.test(found) : found === value) !== operator.startsWith('!')
    }
  })
  return series.filter((one) => tests.every((test) => test(one)))
}

function rates(series: readonly Series[], seconds: number, at: number): Element[] {
  return series.flatMap(({ labels: { __name__: _, ...labels }, at: valueAt }) => {
    const samples = Array.from({ length: SAMPLES + 1 }, (_unused, i) => at - seconds + (i * seconds) / SAMPLES).flatMap(
      (moment) => {
        const value = valueAt(moment)
        return value === null ? [] : [{ moment, value }]
      },
    )
    const [first, last] = [samples.at(0), samples.at(-1)]
    if (!first || !last || first === last) return []
    return [{ labels, value: (last.value - first.value) / (last.moment - first.moment) }]
  })
}

function aggregated({ name, by }: Extract<Expression, { kind: 'aggregation' }>, elements: readonly Element[]) {
  const groups = Map.groupBy(
    elements.map(({ labels, value }) => ({
      labels: Object.fromEntries(by.flatMap((key) => (labels[key] ? [[key, labels[key]] as const] : []))),
      value,
    })),
    signature,
  )
  return [...groups.values()].map((group) => {
    const values = group.map(({ value }) => value)
    const value =
      name === 'count' ? values.length : name === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0)
    return { labels: group[0]?.labels ?? {}, value }
  })
}

/** As Prometheus interpolates: evenly within the bucket that the rank falls into. */
function quantiles(quantile: number, elements: readonly Element[]): Element[] {
  const groups = Map.groupBy(elements, ({ labels: { le: _, ...labels } }) => signature({ labels, value: 0 }))
  return [...groups.values()].map((group) => {
    const { le: _, ...labels } = group[0]?.labels ?? {}
    const buckets = group
      .map(({ labels: { le = '' }, value }) => ({ bound: le === '+Inf' ? Infinity : Number(le), count: value }))
      .sort((a, b) => a.bound - b.bound)
    const total = buckets.at(-1)?.count ?? 0
    if (!(total > 0)) return { labels, value: Number.NaN }
    const rank = quantile * total
    const place = buckets.findIndex(({ count }) => count >= rank)
    const [below, bucket] = [buckets[place - 1] ?? { bound: 0, count: 0 }, buckets[place]]
    if (!bucket || bucket.bound === Infinity) return { labels, value: below.bound }
    const share = (rank - below.count) / (bucket.count - below.count)
    return { labels, value: below.bound + (bucket.bound - below.bound) * share }
  })
}

/** Two elements with the same labels are one. */
export function signature({ labels }: Element): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}
