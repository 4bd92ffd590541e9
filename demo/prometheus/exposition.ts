import type { Series } from './series.ts'

/** How the series of a recorded `/metrics` go on from what was recorded. */
export interface Course {
  /** Labels that every series gets, as a scrape adds them. */
  readonly labels: Readonly<Record<string, string>>
  /** When they were as recorded, in seconds since 1970. */
  readonly start: number
  /** What a counter goes up by each second, as a share of what it was recorded at. Gauges stay. */
  readonly share: number
}

/** The series of a recorded `/metrics`, in Prometheus's text format. */
export function seriesOf(text: string, { labels: added, start, share }: Course): Series[] {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))
  return [...text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', inner = '', number = '']) => {
      const own = Object.fromEntries(
        [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
          ([, key, value]) => [key, unescaped(value ?? '')] as const,
        ),
      )
      const value = number === 'NaN' ? Number.NaN : Number(number)
      const type = types.get(name) ?? types.get(name.replace(/_(sum|count|bucket)$/, ''))
      const grows = type !== undefined && type !== 'gauge' && own.quantile === undefined
      const at = grows ? (seconds: number) => value * (1 + share * (seconds - start)) : () => value
      return { labels: { ...own, ...added, __name__: name }, at }
    },
  )
}

/** What a server would expose of some series at a moment, in seconds since 1970; without the labels that a scrape adds. */
export function exposed(series: readonly Series[], seconds: number): string {
  const lines = series.flatMap(({ labels: { __name__: name, job: _, instance: _instance, ...labels }, at }) => {
    const value = at(seconds)
    if (value === null) return []
    const inner = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
    return [`${name}{${inner.join(',')}} ${value}`]
  })
  return `${lines.join('\n')}\n`
}

const escaped = (text: string) => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')
const unescaped = (text: string) => text.replace(/\\(.)/g, (_, mark: string) => (mark === 'n' ? '\n' : mark))
