import { inOrder, type Period, periodsOf } from './periods.ts'
import type { ObservationRecord } from './port.ts'
import { type Trouble, troublesOf } from './troubles.ts'

/** What was observed of one model, as periods. */
export interface ModelHistory {
  /** When it was first looked at. null: not yet. */
  readonly firstObservationAt: number | null
  /** Which version was declared to be in production; null: none. */
  readonly champion: readonly Period<string | null>[]
  /** Which versions answered requests. Empty: that was never observed. */
  readonly served: readonly Period<ReadonlySet<string>>[]
  readonly troubles: readonly Trouble[]
}

/** Observations by what they are about, in whatever order they come. */
export interface ObservationIndex {
  add(observations: readonly ObservationRecord[]): void
  /** What is about a model itself or its versions, and about every endpoint that ever served it, in order. */
  of(model: string): readonly ObservationRecord[]
  /** All, in order. */
  all(): readonly ObservationRecord[]
  /** The latest of a kind about a thing. */
  latest(kind: ObservationRecord['kind'], subject: string): ObservationRecord | undefined
}

/** An index of nothing yet. */
export function createObservationIndex(): ObservationIndex {
  let all: ObservationRecord[] = []
  let ordered = true
  const bySubject = new Map<string, ObservationRecord[]>()
  const subjectsByModel = new Map<string, Set<string>>()
  return {
    add(observations) {
      for (const observation of observations) {
        const { subject, models } = observation
        all.push(observation)
        listIn(bySubject, subject, () => []).push(observation)
        for (const model of models) listIn(subjectsByModel, model, () => new Set<string>()).add(subject)
      }
      ordered &&= observations.length === 0
    },
    of: (model) => inOrder([...(subjectsByModel.get(model) ?? [])].flatMap((subject) => bySubject.get(subject) ?? [])),
    all() {
      if (!ordered) all = inOrder(all)
      ordered = true
      return all
    },
    latest: (wanted, subject) => inOrder(bySubject.get(subject) ?? []).findLast(({ kind }) => kind === wanted),
  }
}

function listIn<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key) ?? make()
  map.set(key, known)
  return known
}

/** The history of a model from what `ObservationIndex.of` has of it. */
export function historyOf(model: string, observations: readonly ObservationRecord[]): ModelHistory {
  const own = observations.filter(({ subject }) => subject === model)
  const champions = own.filter(({ kind }) => kind === 'CHAMPION_CHANGED')
  const served = own.filter(({ kind }) => kind === 'SERVED_CHANGED')
  const looks = own.filter(({ backfilled, kind }) => !backfilled && kind !== 'VERSION_CREATED')
  return {
    firstObservationAt: looks[0]?.at ?? null,
    champion: periodsOf(champions, ({ versions }) => versions[0] ?? null),
    served: periodsOf(served, ({ versions }) => new Set(versions), isSameSet),
    troubles: troublesOf(model, observations),
  }
}

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one))

/** When something came to be. `at: null` with `before`: it was so already at the first look, at that moment. */
export type Arrival = { readonly at: number } | { readonly at: null; readonly before: number }

/** When a version was first seen in periods that hold it; undefined: it was not. */
function firstIn<T>(periods: readonly Period<T>[], holds: (value: T) => boolean): Arrival | undefined {
  const period = periods.find(({ value }) => holds(value))
  if (!period) return undefined
  return period.initial ? { at: null, before: period.since } : { at: period.since }
}

/** When a version was first declared to be in production; undefined: it was not seen so. */
export const promotionOf = ({ champion }: ModelHistory, version: string): Arrival | undefined =>
  firstIn(champion, (value) => value === version)

/** When a version first answered requests; undefined: it was not seen so. */
export const servingOf = ({ served }: ModelHistory, version: string): Arrival | undefined =>
  firstIn(served, (value) => value.has(version))

/**
 * The version that was declared to be in production before this one was, the last time this one was. undefined: there was
 * none, this one never was, or nobody watched.
 */
export function predecessorOf({ champion }: ModelHistory, version: string): string | undefined {
  const last = champion.findLastIndex(({ value }) => value === version)
  const before = champion.slice(0, Math.max(0, last)).findLast(({ value }) => value !== null && value !== version)
  return before?.value ?? undefined
}
