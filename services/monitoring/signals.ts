import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { type Order, sorted } from '#lib/page.ts'
import { incompleteOf, type ProvenanceRecord, provenanceOf } from '#lib/reading.ts'
import type { Monitor } from './monitor.ts'
import type { Monitors } from './monitors.ts'
import { names, type Registered } from './registered.ts'
import type { Signal, SignalKind } from './schema.generated.ts'
import type { SignalEntry } from './signal-index.ts'
import { partlyTold } from './warned.ts'

/** A signal as resolvers hand it on. */
export type SignalAnswer = Omit<Signal, 'provenance'> & {
  readonly source: string
  readonly provenance: ProvenanceRecord | null
}

/** What is shown as drift. */
export const driftKinds: readonly SignalKind[] = ['DATA', 'PREDICTION', 'TARGET', 'QUALITY']

const byName: Order<SignalAnswer> = {
  name: 'NAME',
  keys: ({ name, feature, version, source }) => [name, feature ?? null, version ?? null, source],
}

/** Every signal of some kinds that is published for a model. */
export async function signalsOf(
  monitors: Monitors,
  registered: Registered,
  kinds: readonly SignalKind[] | undefined,
  context: RequestContext,
): Promise<{ nodes: readonly SignalAnswer[]; incomplete: readonly Incomplete[] }> {
  const { readings, incomplete } = await monitors.read('signals', context)
  const isWanted = (kind: SignalKind) => kinds === undefined || kinds.includes(kind)
  const nodes = readings.flatMap(({ monitor, value }) =>
    (value.byModel.get(registered.model) ?? [])
      .filter(({ named, record }) => names(named, registered) && isWanted(record.definition.kind))
      .map((entry) => answerOf(monitor, entry, value.fetchedAt)),
  )
  const mayKnow = readings.filter(({ monitor: { id } }) => monitors.access.visible(context.caller, { source: id }))
  const unread = mayKnow.flatMap(({ monitor, value }) =>
    value.records
      .filter(({ definition }) => isWanted(definition.kind))
      .flatMap(({ definition, failure, partial }) => [
        ...(failure ? [incompleteOf(failure, `the signal ${definition.name}, or its past`)] : []),
        ...(partial ? [partlyTold(monitor.id)] : []),
      ]),
  )
  const { seen, incomplete: hidden } = monitors.access.visibleOf(context.caller, nodes)
  return { nodes: sorted(seen, byName), incomplete: [...incomplete, ...unread, ...hidden] }
}

function answerOf(monitor: Monitor, entry: SignalEntry, fetchedAt: Date): SignalAnswer {
  const { record, named, feature, value, measuredAt, since } = entry
  const { threshold, worse, ...definition } = record.definition
  const number = value !== null && Number.isFinite(value) ? value : null
  const beyond =
    number === null || threshold === null ? null : worse === 'HIGHER' ? number > threshold : number < threshold
  return {
    ...{ ...definition, threshold, worse, feature, source: monitor.id, value: number, breached: beyond },
    version: named.modelVersion ?? null,
    state: value === null ? 'STALE' : number === null ? 'NOT_A_NUMBER' : 'MEASURED',
    since: beyond && since !== null ? new Date(since).toISOString() : null,
    measuredAt: new Date(measuredAt).toISOString(),
    link: named.link,
    provenance: monitor.signals ? provenanceOf(monitor.source, monitor.signals.age(fetchedAt)) : null,
  }
}
