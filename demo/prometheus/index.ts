import { type ListenOptions, listen, type Reply, type StandIn, type StandInRequest } from '../stand-in.ts'
import { type Element, evaluate, signature } from './evaluate.ts'
import { parse } from './parse.ts'
import type { Series } from './series.ts'

export { counter, gauge, histogram, type Series } from './series.ts'

export interface PrometheusOptions extends ListenOptions {
  series: readonly Series[]
  /** Milliseconds since 1970, the server's clock. The system's when absent. */
  now?: () => number
}

const MAX_STEPS = 11_000

/**
 * Starts a stand-in of Prometheus 2.42.0's HTTP API. It evaluates a part of PromQL (selectors, `rate`, `sum`, `max` and
 * `count` by labels, `histogram_quantile`, `label_replace`, `or`) over a few series in memory, and refuses the rest.
 */
export function startPrometheus({ series, now = Date.now, ...options }: PrometheusOptions): Promise<StandIn> {
  return listen((request) => answer(series, now, request), options)
}

function answer(series: readonly Series[], now: () => number, { method, path, body }: StandInRequest): Reply {
  const url = new URL(path, 'http://prometheus.example')
  const given = new URLSearchParams([...url.searchParams, ...(method === 'POST' ? new URLSearchParams(body) : [])])
  const parameter = (name: string) => given.get(name) ?? ''
  switch (url.pathname) {
    case '/-/ready':
      return text(200, 'Prometheus Server is Ready.\n')
    case '/api/v1/status/buildinfo':
      return success(BUILD)
    case '/api/v1/query':
      return evaluated(() => instant(series, parameter('query'), Number(parameter('time') || now() / 1_000)))
    case '/api/v1/query_range':
      return evaluated(() => range(series, parameter))
    default:
      return text(404, '404 page not found\n')
  }
}

const BUILD = {
  ...{ version: '2.42.0+ds', revision: '2.42.0+ds-5+deb12u1', branch: 'debian/sid' },
  ...{ buildUser: 'team+pkg-go@tracker.debian.org', buildDate: '20260604-00:58:54', goVersion: 'go1.19.8' },
}

function instant(series: readonly Series[], query: string, time: number): object {
  const result = evaluate(parse(query), series, time).map(({ labels, value }) => ({
    metric: sorted(labels),
    value: [time, word(value)],
  }))
  return { resultType: 'vector', result }
}

function range(series: readonly Series[], parameter: (name: string) => string): object {
  const step = parameter('step')
  if (!(Number(step) > 0)) throw new Error(`invalid parameter "step": cannot parse "${step}" to a valid duration`)
  const [start, end] = [Number(parameter('start')), Number(parameter('end'))]
  const steps = Math.floor((end - start) / Number(step))
  if (steps > MAX_STEPS) {
    throw new Error(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  }
  const expression = parse(parameter('query'))
  const found = new Map<string, { metric: object; values: [number, string][] }>()
  for (let i = 0; i <= steps; i += 1) {
    const at = start + i * Number(step)
    for (const element of evaluate(expression, series, at)) {
      const key = signature(element)
      const one = found.get(key) ?? { metric: sorted(element.labels), values: [] }
      one.values.push([at, word(element.value)])
      found.set(key, one)
    }
  }
  return { resultType: 'matrix', result: [...found.values()] }
}

function evaluated(run: () => object): Reply {
  try {
    return success(run())
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return json(400, { status: 'error', errorType: 'bad_data', error: message })
  }
}

/** As Go's encoder orders the keys of a map. */
function sorted(labels: Element['labels']): object {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function word(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

const success = (data: object) => json(200, { status: 'success', data })
const json = (status: number, value: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const text = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})
