/** A counter: its metric, and further matchers where not all of its series count. */
export interface Counter {
  readonly metric: string
  /** PromQL matchers, such as `code=~"5.."`. */
  readonly where?: string | undefined
}

/** Units of time that servers measure in. */
export const seconds = { s: 1, ms: 1e-3, us: 1e-6 } as const

/** A unit of time. */
export type TimeUnit = keyof typeof seconds

/** A metric of times. */
interface Times extends Counter {
  readonly unit: TimeUnit
}

/** What a server calls its metrics: data, so that another server or version is another set of words. */
export interface Preset {
  readonly modelLabel: string
  /** null: it counts no versions. */
  readonly versionLabel: string | null
  /** Value of that label for requests that named no version. */
  readonly unversioned: string | null
  /** Together all requests. */
  readonly requests: readonly Counter[]
  /** Together those that failed. Absent series are none that failed. null: it does not tell. */
  readonly errors: readonly Counter[] | null
  /** Time spent in all, and the counter of the requests it was spent on. */
  readonly spent: (Times & { readonly count: string }) | null
  /** Buckets, from which quantiles over the window are made. */
  readonly histogram: Times | null
  /** Quantiles that the server makes itself, over a window of its own. */
  readonly summary: Times | null
}

const none = { versionLabel: null, unversioned: null, errors: null, spent: null, histogram: null, summary: null }

/** As recorded of MLServer 1.7.1, Triton 2.51.0, KServe's server 0.21.0, BentoML 1.4.39, TorchServe 0.12.0 and Ray Serve 2.60.0. */
export const presets = {
  mlserver: {
    ...{ ...none, modelLabel: 'model', versionLabel: 'version', unversioned: 'None' },
    // Requests for models that are not there count as failures only, and not as successes.
    requests: [{ metric: 'model_infer_request_duration_count' }],
    errors: [{ metric: 'model_infer_request_failure_total' }],
    spent: { metric: 'model_infer_request_duration_sum', unit: 's', count: 'model_infer_request_duration_count' },
  },
  triton: {
    ...{ ...none, modelLabel: 'model', versionLabel: 'version' },
    requests: [{ metric: 'nv_inference_request_success' }, { metric: 'nv_inference_request_failure' }],
    // What a model itself answers with an error counts as success.
    errors: [{ metric: 'nv_inference_request_failure' }],
    spent: { metric: 'nv_inference_request_duration_us', unit: 'us', count: 'nv_inference_request_success' },
    summary: { metric: 'nv_inference_request_summary_us', unit: 'us' },
  },
  kserve: {
    ...{ ...none, modelLabel: 'model_name' },
    // Failed calls are counted as well, and not told apart.
    requests: [{ metric: 'request_predict_seconds_count' }],
    spent: { metric: 'request_predict_seconds_sum', unit: 's', count: 'request_predict_seconds_count' },
    histogram: { metric: 'request_predict_seconds_bucket', unit: 's' },
  },
  bentoml: bentoml(),
  torchserve: {
    ...{ ...none, modelLabel: 'model_name', versionLabel: 'model_version', unversioned: 'default' },
    requests: [{ metric: 'ts_inference_requests_total' }],
    spent: { metric: 'ts_inference_latency_microseconds', unit: 'us', count: 'ts_inference_requests_total' },
  },
  'ray-serve': {
    // An application counts once, at its entrance: its deployments also call each other.
    ...{ ...none, modelLabel: 'application' },
    requests: [{ metric: 'ray_serve_http_request_latency_ms_count' }],
    errors: [{ metric: 'ray_serve_http_request_latency_ms_count', where: 'status_code=~"5.."' }],
    spent: {
      ...{ metric: 'ray_serve_http_request_latency_ms_sum', unit: 'ms' },
      count: 'ray_serve_http_request_latency_ms_count',
    },
    histogram: { metric: 'ray_serve_http_request_latency_ms_bucket', unit: 'ms' },
  },
} as const satisfies Record<string, Preset>

function bentoml() {
  // Probes and documentation are counted like predictions.
  const where = 'endpoint!~"/(livez|readyz|healthz|metrics|docs.json|schema.json)?"'
  const duration = 'bentoml_service_request_duration_seconds'
  return {
    ...{ ...none, modelLabel: 'service_name', versionLabel: 'service_version' },
    requests: [{ metric: 'bentoml_service_request_total', where }],
    errors: [{ metric: 'bentoml_service_request_total', where: `${where},http_response_code=~"5.."` }],
    spent: { metric: `${duration}_sum`, where, unit: 's', count: `${duration}_count` },
    histogram: { metric: `${duration}_bucket`, where, unit: 's' },
  } as const
}

/** The name of a preset. */
export type PresetName = keyof typeof presets

/** Every preset's name. */
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]
