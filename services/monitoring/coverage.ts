import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { incompleteOf } from '#lib/reading.ts'
import { alertsOfModel } from './alerts.ts'
import type { Monitors } from './monitors.ts'
import type { Registered } from './registered.ts'
import type { MonitoringCoverage } from './schema.generated.ts'
import { driftKinds, signalsOf } from './signals.ts'
import { type Served, servedOf, watchingOf } from './traffic.ts'

/** A registered model as the models subgraph hands it over; `served` where coverage was asked for. */
export interface ModelReference {
  readonly id: string
  readonly served?:
    | {
        readonly nodes: readonly { readonly servedModel: { readonly id: string } }[]
        readonly incomplete: readonly Incomplete[]
      }
    | null
    | undefined
}

/** What a monitor tells of one place where a model is served; null: it could not be asked. */
interface Told {
  readonly traffic: boolean | null
  readonly errors: boolean | null
  readonly latency: boolean | null
  readonly incomplete: readonly Incomplete[]
}

/** Seconds of the window that shows whether a server is reached; the default one, so that both are one query. */
const WINDOW = 300

/** `Model.monitoring`: what somebody measures for a model, and what nobody does. */
export async function coverageOf(
  monitors: Monitors,
  registered: Registered,
  { served }: ModelReference,
  context: RequestContext,
): Promise<MonitoringCoverage> {
  const places = (served?.nodes ?? []).flatMap(({ servedModel }) => {
    const parts = monitors.partsOf(servedModel.id, 'ServedModel')
    return parts ? [servedOf(parts)] : []
  })
  const [told, drift, alerts] = await Promise.all([
    Promise.all(places.map((place) => toldOf(monitors, place, context))),
    signalsOf(monitors, registered, driftKinds, context),
    alertsOfModel(monitors, registered, context),
  ])
  // Where it may be served as well, it may be measured as well, but for servers that nothing watches.
  const unsure = !served || served.incomplete.some(({ source }) => source == null || isWatched(monitors, source))
  const anywhere = (part: 'traffic' | 'errors' | 'latency') =>
    anyOf([...told.map((one) => one[part]), unsure ? null : false])
  const published = drift.nodes.some(({ state }) => state !== 'STALE')
  const none = alerts.incomplete.some(({ reason }) => reason === 'NOT_CONFIGURED')
  const missing = [...(served?.incomplete ?? []), ...told.flatMap((one) => one.incomplete), ...drift.incomplete]
  return {
    ...{ traffic: anywhere('traffic'), errors: anywhere('errors'), latency: anywhere('latency') },
    drift: anyOf([published, drift.incomplete.length > 0 ? null : false]),
    alerts: alerts.nodes.length > 0 ? true : none ? false : null,
    incomplete: once([...missing, ...alerts.incomplete]),
  }
}

const isWatched = (monitors: Monitors, server: string) =>
  monitors.all.some(({ watches }) => watches.some(({ source }) => source === server))

/** true where any is, else null where any is not known, else false. */
function anyOf(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true
  return values.includes(null) ? null : false
}

async function toldOf(monitors: Monitors, served: Served, context: RequestContext): Promise<Told> {
  const { watching, hidden } = watchingOf(monitors, served, context)
  const all = await Promise.all(
    watching.map(async ({ monitor, place, watch }): Promise<Told> => {
      const question = { watch: place, model: served.name, windowSeconds: WINDOW }
      const { value, failure } = await monitors.traffic(monitor, question, context)
      if (!value) {
        const incomplete = failure ? [incompleteOf(failure, 'what it measures')] : []
        return { traffic: null, errors: null, latency: null, incomplete }
      }
      const { targets, series } = value
      const traffic = targets ? targets.up > 0 : series.length > 0
      return { traffic, errors: traffic && watch.tells.errors, latency: traffic && watch.tells.latency, incomplete: [] }
    }),
  )
  const any = (part: 'traffic' | 'errors' | 'latency') =>
    anyOf([...all.map((one) => one[part]), hidden.length > 0 ? null : false])
  return {
    ...{ traffic: any('traffic'), errors: any('errors'), latency: any('latency') },
    incomplete: [...all.flatMap((one) => one.incomplete), ...hidden],
  }
}

/** Each thing that is missing once, however many parts miss it. */
function once(incomplete: readonly Incomplete[]): Incomplete[] {
  return [...new Map(incomplete.map((one) => [JSON.stringify(one), one])).values()]
}
