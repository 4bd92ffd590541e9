import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import type { State } from '#lib/state/port.ts'
import type { LookOutcome } from '#lib/telemetry/delivery.ts'
import { countObservations } from '#lib/telemetry/delivery.ts'
import { changesIn, type FoundChange, judgementChanges, judgementKey, newVersions } from './changes.ts'
import { areas, type Looks, lastLook, noteLooks, readLooks } from './looks.ts'
import type { ObservationLog } from './observation-log.ts'
import { lookAround, lookAtJudgements, type Seen, versionsOf } from './seen.ts'

/** What looking needs. */
export interface LookOptions {
  readonly graph: GraphPort
  readonly state: State
  readonly log: ObservationLog
  /** Ids of all registries. */
  readonly registries: readonly string[]
  /** As many as a page of the graph may have. */
  readonly pageSize: number
  /** Milliseconds between looks. */
  readonly interval: number
}

/** Milliseconds after a look from which on nobody watched, where looks come this often: two were missed, and sources rest as well. */
const gapOf = (interval: number) => Math.max(3 * interval, 30_000)

/** Where the last look at everything is kept. */
const ROUND = 'round'

/**
 * Looks once at everything, or at one source, and writes down what changed. To be called by one instance at a time. A look at
 * everything is skipped where another instance did it lately.
 */
export async function look(
  { graph, state, log, registries, pageSize, interval }: LookOptions,
  source: string | null,
  context: RequestContext,
): Promise<LookOutcome> {
  const looks = await readLooks(state)
  if (source === null && Date.now() - (lastLook(looks, ROUND) ?? 0) < interval / 2) return 'skipped'
  const index = await log.read()
  const known = { index, looks }
  const seen = await lookAround(graph, source, pageSize, context)
  const now = Date.now()
  const isKnown = (version: string) => index.latest('VERSION_CREATED', version) !== undefined
  const newer = seen.models.filter(({ latestVersion }) => latestVersion !== null && !isKnown(latestVersion))
  const versions = await versionsOf(graph, newer, isKnown, pageSize, context)
  // What came in late is not all that there was to see.
  context.signal.throwIfAborted()
  await write(log, [...newVersions(versions, now, known), ...changesIn(seen, now, known)])
  const asked = source === null ? registries : registries.filter((one) => one === source)
  await noteLooks(state, madeLooks(seen, asked, source === null ? now : null), gapOf(interval))
  return seen.silent.registries.size + seen.silent.servers.size > 0 ? 'silent' : 'ok'
}

/** Looks once at health and compliance of everything. `knownAt`: when a judgement was last known; kept between looks. */
export async function lookJudgements(
  { graph, state, log, pageSize, interval }: LookOptions,
  knownAt: Map<string, number>,
  context: RequestContext,
): Promise<LookOutcome> {
  const looks: Looks = await readLooks(state)
  if (Date.now() - (lastLook(looks, areas.health) ?? 0) < interval / 2) return 'skipped'
  const seen = await lookAtJudgements(graph, pageSize, context)
  context.signal.throwIfAborted()
  const now = Date.now()
  await write(log, judgementChanges(seen, now, knownAt, await log.read()))
  for (const one of seen) knownAt.set(judgementKey(one), now)
  await noteLooks(state, new Map([[areas.health, now]]), gapOf(interval))
  return 'ok'
}

async function write(log: ObservationLog, changes: readonly FoundChange[]): Promise<void> {
  if (changes.length > 0) countObservations(await log.append(changes))
}

/** What was looked at in full, and when. `round`: when everything was; null: only one source. */
function madeLooks(
  { models, endpoints, servedAt, silent }: Seen,
  registries: readonly string[],
  round: number | null,
): Map<string, number> {
  const made = new Map<string, number>(round === null ? [] : [[ROUND, round]])
  const isSilent = (group: keyof Seen['silent'], source: string) => silent[group].has(source) || silent[group].has(null)
  const oldest = (ats: readonly number[]) => ats.reduce((a, b) => Math.min(a, b), Date.now())
  for (const source of registries.filter((one) => !isSilent('registries', one))) {
    made.set(areas.champion(source), oldest(models.filter((one) => one.source === source).map(({ at }) => at)))
  }
  for (const [source, own] of Map.groupBy(endpoints, (one) => one.source)) {
    const told = own.every(({ state }) => state !== 'UNKNOWN') && !isSilent('servers', source)
    if (told) made.set(areas.state(source), oldest(own.map(({ at }) => at)))
  }
  const all = silent.registries.size === 0 && silent.servers.size === 0 && models.every((one) => one.servedByAll)
  if (round !== null && all) made.set(areas.served, servedAt)
  return made
}
