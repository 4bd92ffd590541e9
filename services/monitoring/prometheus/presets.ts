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

/** A share that is in use, now. */
interface Share extends Counter {
  /** What full is: 1, or 100. */
  readonly full: 1 | 100
  /** What it is a share of: the model's own, or the server's with everything that it serves. */
  readonly of: 'model' | 'server'
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
  /** The fullest of these is how full the server is. Queues without a bound are none. null: it tells no share. */
  readonly saturation: readonly Share[] | null
}

const none = {
  ...{ versionLabel: null, unversioned: null, errors: null, spent: null },
  ...{ histogram: null, summary: null, saturation: null },
}

/**
 * As recorded of MLServer 1.7.1, Triton 2.51.0, KServe's server 0.21.0, BentoML 1.4.39, TorchServe 0.12.0 and Ray Serve
 * 2.60.0, and as documented of TensorFlow Serving, vLLM and Istio. Where saturation is null, the server tells the length of
 * a queue at most, and of no queue how long it may get.
 */
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
    // Only on Linux, and of GPUs only where there are any. Of pending requests it tells the number, and no bound.
    saturation: [
      { metric: 'nv_gpu_utilization', full: 1, of: 'server' },
      { metric: 'nv_cpu_utilization', full: 1, of: 'server' },
    ],
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
    saturation: [
      { metric: 'GPUUtilization', full: 100, of: 'server' },
      { metric: 'CPUUtilization', full: 100, of: 'server' },
    ],
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
  'tensorflow-serving': {
    // Versions are not told, nor is how full anything is. REST and gRPC are counted together.
    ...{ ...none, modelLabel: 'model_name' },
    requests: [{ metric: ':tensorflow:serving:request_count' }],
    errors: [{ metric: ':tensorflow:serving:request_count', where: 'status!="OK"' }],
    spent: {
      ...{ metric: ':tensorflow:serving:request_latency_sum', unit: 'us' },
      count: ':tensorflow:serving:request_latency_count',
    },
    histogram: { metric: ':tensorflow:serving:request_latency_bucket', unit: 'us' },
  },
  vllm: {
    // Names as of its engine V1 (0.8 and later). Requests that end are counted, by why; those that are refused are not, and a
    // reason "error" is not of every version, so that errors are not told. A model has no versions.
    ...{ ...none, modelLabel: 'model_name' },
    requests: [{ metric: 'vllm:request_success_total' }],
    spent: {
      ...{ metric: 'vllm:e2e_request_latency_seconds_sum', unit: 's' },
      count: 'vllm:e2e_request_latency_seconds_count',
    },
    histogram: { metric: 'vllm:e2e_request_latency_seconds_bucket', unit: 's' },
    // The memory for keys and values decides how many requests run at once; the second is its name of before.
    saturation: [
      { metric: 'vllm:kv_cache_usage_perc', full: 1, of: 'model' },
      { metric: 'vllm:gpu_cache_usage_perc', full: 1, of: 'model' },
    ],
  },
  istio: istio(),
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

function istio() {
  // The client's proxy counts the same request once more.
  const where = 'reporter="destination"'
  const duration = 'istio_request_duration_milliseconds'
  return {
    // A mesh knows services and not models; "latest" is what it calls those that tell no version.
    ...{ ...none, modelLabel: 'destination_canonical_service', versionLabel: 'destination_canonical_revision' },
    unversioned: 'latest',
    requests: [{ metric: 'istio_requests_total', where }],
    // gRPC answers 200 and fails in `grpc_response_status`.
    errors: [
      { metric: 'istio_requests_total', where: `${where},response_code=~"5..",grpc_response_status=""` },
      { metric: 'istio_requests_total', where: `${where},grpc_response_status!="",grpc_response_status!="0"` },
    ],
    spent: { metric: `${duration}_sum`, where, unit: 'ms', count: `${duration}_count` },
    histogram: { metric: `${duration}_bucket`, where, unit: 'ms' },
  } as const
}

/** The name of a preset. */
export type PresetName = keyof typeof presets

/** Every preset's name. */
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]
