import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { MonitoringPort, SignalRecord } from '../port.ts'
import { definitionOf, measurementsOf } from './measurements.ts'
import { DEPTH_HOURS, mlflowMetricsOptions, type SignalOptions } from './options.ts'
import * as wire from './wire.ts'

const API = '/api/2.0/mlflow'
const PAGE = 1_000
/** Pages of runs that are read of an experiment: a job an hour for each of 29 models within a week. */
const MAX_PAGES = 5

/** MLflow 2 and 3, as a place where monitoring jobs log what they measure. */
export const mlflowMetrics = defineAdapter<MonitoringPort, typeof mlflowMetricsOptions>({
  kind: 'mlflow-metrics',
  options: mlflowMetricsOptions,
  create,
})

function create({ source, upstream, state }: AdapterContext<typeof mlflowMetricsOptions>): MonitoringPort {
  const { id, registry, signals } = source
  const names = [...new Set(signals.map(({ experiment }) => experiment))]
  const answer = <T>(json: unknown, schema: Parameters<typeof parsedAnswer<T>>[1], what: string) =>
    parsedAnswer(json, schema, { source: id, tool: 'MLflow', what })

  async function experimentId(name: string, call: UpstreamCall): Promise<string> {
    const request = { path: `${API}/experiments/get-by-name`, query: { experiment_name: name }, accept: [404] }
    const response = await upstream.request({ ...request, method: 'GET' }, call)
    if (response.status !== 404) {
      return answer(response.json(), wire.experiment, 'experiments/get-by-name').experiment.experiment_id
    }
    const message = `${id} has no experiment "${name}", or does not show it to the gateway's account: correct "experiment".`
    throw new UpstreamError({ source: id, reason: 'BAD_RESPONSE', message, status: 404 })
  }

  /** The runs of the last days; `partial`: there are more than were read. */
  async function readRuns(name: string, call: UpstreamCall): Promise<{ runs: wire.Run[]; partial: boolean }> {
    const since = Date.now() - DEPTH_HOURS * 3_600_000
    const search = {
      ...{ experiment_ids: [await experimentId(name, call)], run_view_type: 'ACTIVE_ONLY', max_results: PAGE },
      ...{ filter: `attributes.start_time >= ${since}`, order_by: ['attributes.start_time DESC'] },
    }
    const runs: wire.Run[] = []
    let token: string | undefined
    for (let page = 0; page < MAX_PAGES; page++) {
      const json = { ...search, ...(token !== undefined && { page_token: token }) }
      const response = await upstream.request({ method: 'POST', path: `${API}/runs/search`, json }, call)
      const found = answer(response.json(), wire.runs, 'runs/search')
      runs.push(...found.runs)
      token = found.next_page_token || undefined
      if (token === undefined) return { runs, partial: false }
    }
    return { runs, partial: true }
  }

  async function read(call: UpstreamCall): Promise<SignalRecord[]> {
    const byName = new Map(names.map((name) => [name, settled(readRuns(name, call))]))
    const records = await Promise.all(
      signals.map(async (options) => recordOf(options, registry, await byName.get(options.experiment))),
    )
    const [first] = records
    // It is the tool, and not what is configured: what was read before then stays, marked as old.
    if (first?.failure && records.every(({ failure }) => failure) && first.failure.reason !== 'BAD_RESPONSE') {
      throw first.failure
    }
    return records
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const { text } = await upstream.request({ method: 'GET', path: '/version' }, call)
    const version = text.trim()
    state.version = version
    const records = await read(call)
    return {
      version,
      can: records.flatMap(({ failure, definition, measurements }) =>
        failure ? [] : [`signal ${definition.name} (${measurements.length} figures)`],
      ),
      cannot: records.flatMap(({ failure }) => failure?.message ?? []),
    }
  }

  return { probe, signals: { read: (_previous, call) => read(call) } }
}

type Runs = { readonly runs: readonly wire.Run[]; readonly partial: boolean }

function recordOf(options: SignalOptions, registry: string | undefined, read: Runs | UpstreamError | undefined) {
  const definition = definitionOf(options)
  if (read === undefined || read instanceof UpstreamError) {
    return { definition, measurements: [], historyAt: null, failure: read ?? null, partial: false }
  }
  const now = Date.now()
  const measurements = measurementsOf(options, registry, read.runs, now)
  return { definition, measurements, historyAt: now, failure: null, partial: read.partial }
}

/** Failures of the source are answers here; others are faults of ours. */
async function settled(reading: Promise<Runs>): Promise<Runs | UpstreamError> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}
