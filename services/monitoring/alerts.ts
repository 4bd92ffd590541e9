import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { trust } from '#lib/matching.ts'
import { type Connection, type Order, type PageArguments, pageOf, sorted } from '#lib/page.ts'
import type { AlertEntry, AlertIndex } from './alert-index.ts'
import type { Monitors } from './monitors.ts'
import { names, type Registered } from './registered.ts'
import type { AlertFilter } from './schema.generated.ts'
import { watchesEndpoint } from './traffic.ts'

/** An alert, and why it is held to be about something. */
interface AlertHitRecord {
  readonly alert: AlertEntry
  readonly link: Link
  /** Id of the source. */
  readonly source: string
}

/** Alerts about something, and who could not be asked. */
interface AlertHitsRecord {
  readonly nodes: readonly AlertHitRecord[]
  readonly incomplete: readonly Incomplete[]
}

const newestFirst: Order<AlertEntry> = {
  name: 'NEWEST',
  keys: ({ startedAt, id }) => [startedAt === null ? null : -startedAt, id],
}
const newestHitFirst: Order<AlertHitRecord> = { name: 'NEWEST', keys: ({ alert }) => newestFirst.keys(alert) }

/** The page of all alerts that a caller may see and a filter lets through. */
export async function listAlerts(
  monitors: Monitors,
  { where, ...page }: PageArguments & { readonly where?: AlertFilter | null | undefined },
  maximum: number,
  context: RequestContext,
): Promise<Connection<AlertEntry>> {
  const { indexes, incomplete } = await readAlerts(monitors, context)
  const { seen, incomplete: hidden } = monitors.access.visibleOf(
    context.caller,
    indexes.flatMap(({ alerts }) => alerts),
  )
  const matching = where ? seen.filter((alert) => matches(alert, where)) : seen
  const missing = [...incomplete, ...hidden].filter(({ source }) => where?.source == null || source === where.source)
  return pageOf(sorted(matching, newestFirst), newestFirst, page, maximum, missing)
}

function matches(alert: AlertEntry, { state, severity, source }: AlertFilter): boolean {
  return (
    (state == null || stateOf(alert) === state) &&
    (severity == null || alert.severity === severity) &&
    (source == null || alert.source === source)
  )
}

/** In the graph's word. */
export const stateOf = ({ suppressed }: AlertEntry) => (suppressed ? 'SUPPRESSED' : 'FIRING')

/** Alerts whose labels name a model. */
export async function alertsOfModel(
  monitors: Monitors,
  registered: Registered,
  context: RequestContext,
): Promise<AlertHitsRecord> {
  return hitsOf(monitors, context, ({ byModel }) =>
    (byModel.get(registered.model) ?? []).flatMap((alert) =>
      alert.named && names(alert.named, registered) ? [{ alert, source: alert.source, link: alert.named.link }] : [],
    ),
  )
}

/** Alerts whose labels are those that the configuration gives an endpoint. */
export async function alertsOfEndpoint(
  monitors: Monitors,
  source: string,
  endpoint: string,
  context: RequestContext,
): Promise<AlertHitsRecord> {
  return hitsOf(monitors, context, ({ byServer }) =>
    (byServer.get(source) ?? []).flatMap((alert) => {
      const watch = alert.watched.find((one) => watchesEndpoint(one, source, endpoint))
      if (!watch) return []
      const evidence = `the configuration of ${alert.source} states whose alerts these are: ${watch.evidence}`
      return [{ alert, source: alert.source, link: { method: 'CONFIGURED', confidence: trust.CONFIGURED, evidence } }]
    }),
  )
}

async function hitsOf(
  monitors: Monitors,
  context: RequestContext,
  find: (index: AlertIndex) => readonly AlertHitRecord[],
): Promise<AlertHitsRecord> {
  const { indexes, incomplete } = await readAlerts(monitors, context)
  const { seen, incomplete: hidden } = monitors.access.visibleOf(context.caller, indexes.flatMap(find))
  return { nodes: sorted(seen, newestHitFirst), incomplete: [...incomplete, ...hidden] }
}

async function readAlerts(monitors: Monitors, context: RequestContext) {
  const { readings, incomplete, offered } = await monitors.read('alerts', context)
  const young = readings.filter(({ value }) => value.young).map(({ monitor }) => startedJustNow(monitor.id))
  return {
    indexes: readings.map(({ value }) => value),
    incomplete: offered ? [...incomplete, ...young] : [NONE],
  }
}

function startedJustNow(source: string): Incomplete {
  const message = `${source} was started less than two minutes ago with an empty list: alerts that were not sent to it again yet are missing. Ask again in a moment.`
  return { source, reason: 'TRUNCATED', message, count: null }
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message:
    'No tool that holds alerts is configured, so nothing is known of them: add one under sources, such as an alertmanager.',
  count: null,
}
