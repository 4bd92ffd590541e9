import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { badInput } from '#lib/page.ts'
import { incompleteOf, type ProvenanceRecord, provenanceOf } from '#lib/reading.ts'
import type { Reading } from '#lib/snapshot.ts'
import { figuresOf } from './figures.ts'
import type { Monitor } from './monitor.ts'
import type { Monitors } from './monitors.ts'
import type { TrafficRecord, TrafficWatch, Watch } from './port.ts'
import type { MeasurementState, Traffic } from './schema.generated.ts'
import { partlyTold } from './warned.ts'

/** Bounds of the window, in seconds: a day of counters is what a monitor answers in a moment. */
const [SHORTEST, LONGEST] = [60, 86_400]

/** A served model, by the parts of its id. */
export interface Served {
  readonly source: string
  readonly endpoint: string
  readonly name: string
  readonly version: string | null
}

/** The traffic of a served model as resolvers hand it on. */
export type TrafficAnswer = Omit<Traffic, 'provenance'> & { readonly provenance: ProvenanceRecord | null }

/** A watch of one monitor. */
interface Watching {
  readonly monitor: Monitor
  readonly place: number
  readonly watch: TrafficWatch
}

/** Taken apart from an id. */
export function servedOf([source = '', endpoint = '', name = '', version]: readonly string[]): Served {
  return { source, endpoint, name, version: version ?? null }
}

/** Whether something watches an endpoint. */
export function watchesEndpoint(watch: Watch, source: string, endpoint: string): boolean {
  return watch.source === source && (watch.endpoint === null || watch.endpoint === endpoint)
}

/** Every watch of the server of a served model, and what the caller may not see of them. */
export function watchingOf(
  { all, access }: Monitors,
  { source, endpoint }: Served,
  { caller }: RequestContext,
): { watching: readonly Watching[]; hidden: readonly Incomplete[] } {
  const found = all.flatMap((monitor) =>
    monitor.watches.flatMap((watch, place) =>
      watchesEndpoint(watch, source, endpoint) ? [{ monitor, place, watch, source: monitor.id }] : [],
    ),
  )
  const { seen, incomplete } = access.visibleOf(caller, found)
  return { watching: seen, hidden: incomplete }
}

/** `ServedModel.traffic`; null: nobody watches it. Of several monitors, the first with numbers answers. Throws a GraphQLError on a window out of bounds. */
export async function trafficOf(
  monitors: Monitors,
  served: Served,
  windowSeconds: number,
  context: RequestContext,
): Promise<TrafficAnswer | null> {
  if (windowSeconds < SHORTEST || windowSeconds > LONGEST) {
    throw badInput(`windowSeconds: ${windowSeconds} is not possible: ask for ${SHORTEST} to ${LONGEST}`)
  }
  const { watching, hidden } = watchingOf(monitors, served, context)
  const answers = await Promise.all(
    watching.map(async ({ monitor, place }) => {
      const question = { watch: place, model: served.name, windowSeconds }
      return answerOf(monitor, await monitors.traffic(monitor, question, context), served, windowSeconds)
    }),
  )
  const best = worth.map((state) => answers.find((answer) => answer.state === state)).find((answer) => answer)
  const incomplete = [...answers.flatMap((answer) => answer.incomplete), ...hidden]
  if (best) return { ...best, incomplete }
  return hidden.length > 0 ? unknown(windowSeconds, hidden) : null
}

/** What answers best comes first. */
const worth: readonly MeasurementState[] = ['MEASURED', 'PARTIAL', 'STALE', 'NOT_A_NUMBER', 'NO_DATA', 'UNKNOWN']

const NOTHING = {
  ...{ covers: null, requestsPerSecond: null, errorRatio: null, latencyMeanSeconds: null },
  ...{ latencyP50Seconds: null, latencyP95Seconds: null, latencyP99Seconds: null },
}

function unknown(windowSeconds: number, incomplete: readonly Incomplete[]): TrafficAnswer {
  return { ...NOTHING, saturation: null, state: 'UNKNOWN', windowSeconds, asOf: null, incomplete, provenance: null }
}

function answerOf(
  { source }: Monitor,
  reading: Reading<TrafficRecord | null>,
  { version }: Served,
  windowSeconds: number,
): TrafficAnswer {
  const { value, failure } = reading
  if (!value) return unknown(windowSeconds, failure ? [incompleteOf(failure, 'traffic')] : [])
  const { series, targets, at, partial, saturation } = value
  const figures = figuresOf(series, version)
  return {
    ...{ ...(figures ?? NOTHING), saturation, windowSeconds, state: stateOf(figures, targets) },
    asOf: new Date(at).toISOString(),
    incomplete: partial ? [partlyTold(source.id)] : [],
    provenance: provenanceOf(source, reading),
  }
}

function stateOf(figures: ReturnType<typeof figuresOf>, targets: TrafficRecord['targets']): MeasurementState {
  if (targets && targets.known > 0 && targets.up === 0) return 'STALE'
  if (!figures) return 'NO_DATA'
  if (figures.requestsPerSecond === null) return 'NOT_A_NUMBER'
  return targets && targets.up < targets.known ? 'PARTIAL' : 'MEASURED'
}
