import { readFileSync } from 'node:fs'
import { exposed, seriesOf } from '#demo/prometheus/exposition.ts'
import { gauge, type Series } from '#demo/prometheus/index.ts'
import type { TrafficSeries } from '#services/monitoring/port.ts'

/** The servers whose metrics were recorded, by their preset, and those of which only the documentation is at hand. */
export const servers = {
  mlserver: 'mlserver-1.7.1',
  triton: 'triton-2.51.0',
  kserve: 'kserve-0.21.0',
  bentoml: 'bentoml-1.4.39',
  torchserve: 'torchserve-0.12.0',
  'ray-serve': 'ray-serve-2.60.0',
  'tensorflow-serving': 'tensorflow-serving-documented',
  vllm: 'vllm-documented',
  istio: 'istio-documented',
} as const

/** Each second, every counter goes up by this share of what was recorded. */
export const SHARE = 0.01

/** A name that would break out of a regular expression and of a string. */
export const HOSTILE = 'a"b\\c.*|(x)\nü%/__proto__'

/** The jobs of a Prometheus that watches all of them, and one that publishes signals; `start` in seconds since 1970. */
export function jobs(start: number): Map<string, Series[]> {
  const recorded = Object.values(servers).map((server) => {
    const [job = ''] = server.split(/-(?:\d|documented)/)
    const file = new URL(`../../demo/prometheus/fixtures/metrics/${server}.txt`, import.meta.url)
    return [job, seriesOf(readFileSync(file, 'utf8'), { labels: { job }, start, share: SHARE })] as const
  })
  const hostile = { model: HOSTILE, version: '1', job: 'triton' }
  const more: Series[] = [
    { labels: { __name__: 'nv_inference_request_success', ...hostile }, at: (at) => 100 * SHARE * (at - start) },
    { labels: { __name__: 'nv_inference_request_success', ...hostile, model: 'axbxc' }, at: (at) => at - start },
  ]
  const signals = [
    gauge('drift', { model: 'loan', feature: 'income' }, 0.34),
    gauge('drift', { model: 'loan', feature: 'age' }, 0),
    gauge('drift', { model: HOSTILE, feature: 'x' }, Number.NaN),
    gauge('p_value', { model_name: 'loan', model_version: '2' }, 0.01),
  ]
  const all = new Map<string, Series[]>([...recorded, ['signals', signals]])
  all.get('triton')?.push(...more)
  return all
}

/** A job's metrics as a server exposes them. */
export const metricsOf = (job: readonly Series[]) => exposed(job, Date.now() / 1_000)

/** Counts as recorded, and what follows from them: numbers worked out by hand from the recorded files. */
export interface Recorded {
  readonly preset: keyof typeof servers
  readonly model: string
  readonly version: TrafficSeries['version']
  readonly covers: 'VERSION' | 'MODEL'
  readonly requests: number
  readonly errorRatio: number | null
  readonly mean: number | null
  readonly p95: number | null
  /** null when absent. */
  readonly saturation?: number
}

/** One or two of every server. */
export const recorded: readonly Recorded[] = [
  {
    // Requests that named no version came too, so that the numbers are of all: 245 + 262 + 1 + 256, of which 72 failed.
    ...{ preset: 'mlserver', model: 'iris', version: '2', covers: 'MODEL', requests: 764, errorRatio: 72 / 764 },
    ...{ mean: (0.509763497 + 0.730645372 + 0.000011789 + 0.809537179) / 764, p95: null },
  },
  {
    ...{ preset: 'mlserver', model: 'churn.model-v1.2', version: null, covers: 'MODEL', requests: 267 },
    ...{ errorRatio: 0, mean: 0.6812214120004683 / 267, p95: null },
  },
  {
    ...{ preset: 'triton', model: 'iris', version: '2', covers: 'VERSION', requests: 24, errorRatio: 0 },
    ...{ mean: 0.03188 / 24, p95: 0.000332 },
  },
  // Loaded, and asked by nobody.
  {
    ...{ preset: 'triton', model: 'iris', version: '1', covers: 'VERSION', requests: 0, errorRatio: null },
    ...{ mean: null, p95: null },
  },
  {
    ...{ preset: 'triton', model: HOSTILE, version: '1', covers: 'VERSION', requests: 100, errorRatio: 0 },
    ...{ mean: null, p95: null },
  },
  {
    // All four took less than 5 ms.
    ...{ preset: 'kserve', model: 'iris', version: null, covers: 'MODEL', requests: 4, errorRatio: null },
    ...{ mean: 0.00019568700008676387 / 4, p95: 0.00475 },
  },
  {
    // Three answers, one failure and one 404; two probes are not counted. Four took less than 5 ms, one 10 to 25 ms.
    ...{ preset: 'bentoml', model: 'iris_svc', version: '1.0.3', covers: 'VERSION', requests: 5, errorRatio: 0.2 },
    ...{ mean: (0.022584073 + 0.004776298 + 0.001128411) / 5, p95: 0.02125 },
  },
  {
    ...{ preset: 'torchserve', model: 'iris', version: '2.0', covers: 'MODEL', requests: 9, errorRatio: null },
    // The CPU of its host was fully in use.
    ...{ mean: (7.773031263 + 0.003967481 + 0.010535132) / 9, p95: null, saturation: 1 },
  },
  {
    // Eight of ten took 10 to 20 ms, two 20 to 50 ms.
    ...{ preset: 'ray-serve', model: 'iris', version: null, covers: 'MODEL', requests: 10, errorRatio: 0.1 },
    ...{ mean: 0.019, p95: 0.0425 },
  },
  {
    // REST and gRPC together: 16 of 18 took 10 to 1000 µs, two 1000 to 2000 µs.
    ...{ preset: 'tensorflow-serving', model: 'iris', version: '2', covers: 'MODEL', requests: 20, errorRatio: 0.1 },
    ...{ mean: 0.0126 / 18, p95: 0.00155 },
  },
  {
    ...{ preset: 'tensorflow-serving', model: 'idle', version: null, covers: 'MODEL', requests: 0, errorRatio: null },
    ...{ mean: null, p95: null },
  },
  {
    // Two engines: 8 of 20 took 0.3 to 1 s, twelve 1 to 2 s.
    ...{ preset: 'vllm', model: 'acme/chat-7b', version: null, covers: 'MODEL', requests: 20, errorRatio: null },
    ...{ mean: 1.2, p95: 1 + 11 / 12, saturation: 0.42 },
  },
  {
    // Two of HTTP and one of gRPC failed; what the client's proxy counted is left out.
    ...{ preset: 'istio', model: 'iris-predictor', version: 'v2', covers: 'VERSION', requests: 20, errorRatio: 0.15 },
    ...{ mean: 0.009, p95: 0.02125 },
  },
]
