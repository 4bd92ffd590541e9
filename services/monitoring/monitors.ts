import DataLoader from 'dataloader'
import type { Access } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { parseId } from '#lib/ids.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import type { RecordCache } from '#lib/record-cache.ts'
import type { Reading, Snapshot } from '#lib/snapshot.ts'
import type { AlertIndex } from './alert-index.ts'
import { type Monitor, trafficKey } from './monitor.ts'
import type { TrafficQuestion, TrafficRecord } from './port.ts'

/** An entity of another subgraph: its id tells all that is needed of it. */
export interface Reference {
  readonly id: string
}

/** What was read of one source. */
interface Read<T> {
  readonly monitor: Monitor
  readonly value: T
}

/** The two parts of a monitor that are read whole. */
type Part = 'alerts' | 'signals'
type PartOf<P extends Part> = NonNullable<Monitor[P]> extends Snapshot<infer T> ? T : never

/** All monitors, as one request sees them: each part is read once, so that a whole answer is of one state. */
export interface Monitors {
  readonly all: readonly Monitor[]
  /** Who may see what: asked at every exit of the port. */
  readonly access: Access
  /** A part of every source that offers it, and what is missing because the others cannot be asked. */
  read<P extends Part>(
    part: P,
    context: RequestContext,
  ): Promise<{ readings: readonly Read<PartOf<P>>[]; incomplete: readonly Incomplete[]; offered: boolean }>
  traffic(monitor: Monitor, question: TrafficQuestion, context: RequestContext): Promise<Reading<TrafficRecord | null>>
  /** The alerts of one monitor that holds some. */
  alertsOf(monitor: Monitor, context: RequestContext): Promise<Reading<AlertIndex>>
  byId(source: string): Monitor | undefined
  /** The parts of an id, with the present id of its source; undefined: it is none of that type. */
  partsOf(id: string, type: NonNullable<ReturnType<typeof parseId>>['type']): readonly string[] | undefined
}

const WHAT: Record<Part, string> = { alerts: 'its alerts', signals: 'its signals' }

/** `renamed`: former ids of sources and the present ones. */
export function createMonitors(
  all: readonly Monitor[],
  renamed: ReadonlyMap<string, string>,
  access: Access,
): Monitors {
  const monitorById = new Map(all.map((monitor) => [monitor.id, monitor]))
  const readings = perRequest(() => new Map<object, Promise<Reading<unknown>>>())
  const loaders = perRequest(() => new Map<Monitor, DataLoader<string, Reading<TrafficRecord | null>>>())

  function readOnce<T>(snapshot: Snapshot<T>, context: RequestContext): Promise<Reading<T>> {
    const known = readings(context)
    const reading = known.get(snapshot) ?? snapshot.read(context)
    known.set(snapshot, reading)
    return reading as Promise<Reading<T>>
  }

  function loaderOf(monitor: Monitor, cache: RecordCache<TrafficRecord>, context: RequestContext) {
    const known = loaders(context)
    const loader = known.get(monitor) ?? new DataLoader((keys) => cache.readMany(keys, context))
    known.set(monitor, loader)
    return loader
  }

  return {
    all,
    access,
    byId: (source) => monitorById.get(source),
    partsOf(id, type) {
      const parsed = parseId(id, renamed)
      return parsed?.type === type ? parsed.parts : undefined
    },
    async read<P extends Part>(part: P, context: RequestContext) {
      const offering = all.filter((monitor) => monitor[part] !== undefined)
      const found = await Promise.all(
        offering.map(async (monitor) => {
          const reading = await readOnce(monitor[part] as Snapshot<PartOf<P>>, context)
          return { monitor, reading }
        }),
      )
      return {
        readings: found.flatMap(({ monitor, reading: { value } }) => (value === undefined ? [] : [{ monitor, value }])),
        incomplete: found.flatMap(({ reading }) => missingFrom(reading, WHAT[part])),
        offered: offering.length > 0,
      }
    },
    async alertsOf(monitor, context) {
      if (!monitor.alerts) throw new Error(`${monitor.id} holds no alerts`)
      return readOnce(monitor.alerts, context)
    },
    async traffic(monitor, question, context) {
      if (!monitor.traffic) throw new Error(`${monitor.id} measures no traffic`)
      return loaderOf(monitor, monitor.traffic, context).load(trafficKey(question))
    },
  }
}
