import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { MonitoringPort } from '../port.ts'
import { query, readVersion } from './ask.ts'
import { prometheusOptions } from './options.ts'
import { matchers } from './promql.ts'
import { signalsPort } from './signals.ts'
import { trafficPort } from './traffic.ts'

/** Prometheus by its HTTP API: traffic of what it watches, and signals by PromQL of one's own. */
export const prometheus = defineAdapter<MonitoringPort, typeof prometheusOptions>({
  kind: 'prometheus',
  options: prometheusOptions,
  create,
})

function create({ source, upstream, state }: AdapterContext<typeof prometheusOptions>): MonitoringPort {
  const server = { id: source.id, upstream }
  const { watches, signals } = source

  /** Asked for once, beside the first question; whether it is told does not matter to that. */
  async function noteVersion(call: UpstreamCall): Promise<void> {
    if (state.version !== undefined) return
    try {
      state.version = await readVersion(server, call)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
    }
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const version = await readVersion(server, call)
    state.version = version
    const reached = await Promise.all(
      watches.map(async ({ source: watched, selector }) => {
        const { result } = await query(server, `up{${matchers(selector)}}`, `the targets of ${watched}`, call)
        return { watched, selector, targets: result.length }
      }),
    )
    const [found, lost] = [reached.filter(({ targets }) => targets > 0), reached.filter(({ targets }) => targets === 0)]
    return {
      version,
      can: [
        ...found.map(({ watched, targets }) => `traffic on ${watched} (${targets} targets)`),
        ...signals.map(({ name }) => `signal ${name}`),
      ],
      cannot: [
        ...lost.map(
          ({ watched, selector }) =>
            `traffic on ${watched}: it has no target with the labels {${matchers(selector)}}; correct the selector`,
        ),
        ...(watches.length + signals.length === 0 ? ['anything: neither watches nor signals are configured'] : []),
      ],
    }
  }

  /** The same reading, with the version noted. */
  function beside<Asked, Answer>(read: (asked: Asked, call: UpstreamCall) => Promise<Answer>) {
    return async (asked: Asked, call: UpstreamCall) => {
      const [answer] = await Promise.all([read(asked, call), noteVersion(call)])
      return answer
    }
  }

  const traffic = watches.length > 0 ? trafficPort(server, watches) : undefined
  const published = signals.length > 0 ? signalsPort(server, signals) : undefined
  return {
    probe,
    ...(traffic && { traffic: { ...traffic, read: beside(traffic.read) } }),
    ...(published && { signals: { read: beside(published.read) } }),
  }
}
