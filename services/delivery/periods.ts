import type { ObservationRecord } from './port.ts'

/** For how long something was so, as it was observed. Times are milliseconds since 1970. */
export interface Period<T> {
  readonly value: T
  /** When it was first seen so. */
  readonly since: number
  /** It may have been so from here on; null: nobody knows since when. */
  readonly notBefore: number | null
  /** Found so at the first look. */
  readonly initial: boolean
  /** When it was first seen otherwise; null: it is still so. */
  readonly until: number | null
  /** It may have been otherwise from here on; null where it is still so. */
  readonly surelyUntil: number | null
}

/** Observations by when they were seen; those of one moment as they were written down. */
export function inOrder(observations: readonly ObservationRecord[]): ObservationRecord[] {
  return observations.toSorted((a, b) => a.at - b.at || a.sequence - b.sequence)
}

/** The earliest moment at which what was observed can have happened. null: nobody knows. */
const notBeforeOf = ({ at, precisionSeconds }: ObservationRecord): number | null =>
  precisionSeconds === null ? null : at - precisionSeconds * 1_000

/**
 * What was so, and for how long, from observations of one thing in order. The same change seen twice, as by a message of the
 * tool and by the look after it, is one change, and happened when both say it can have. What is found at a first look after
 * others, as where what was observed was lost meanwhile, may have changed at any time since.
 */
export function periodsOf<T>(
  observations: readonly ObservationRecord[],
  read: (observation: ObservationRecord) => T,
  isSame: (a: T, b: T) => boolean = Object.is,
): Period<T>[] {
  const periods: Period<T>[] = []
  let seenAt: number | null = null
  for (const observation of observations) {
    const value = read(observation)
    const last = periods.at(-1)
    const notBefore = notBeforeOf(observation) ?? seenAt
    seenAt = observation.at
    if (last && isSame(last.value, value)) {
      const both = notBefore !== null && notBefore < last.since && !last.initial
      if (both) periods[periods.length - 1] = narrowed(periods, last, notBefore)
      continue
    }
    if (last) {
      const surelyUntil = Math.max(last.since, notBefore ?? last.since)
      periods[periods.length - 1] = { ...last, until: observation.at, surelyUntil }
    }
    const initial = observation.initial && !last
    periods.push({ value, since: observation.at, notBefore, initial, until: null, surelyUntil: null })
  }
  return periods
}

/** The last period, now that its beginning is known to be no earlier than `notBefore`; the one before lasts as long. */
function narrowed<T>(periods: Period<T>[], last: Period<T>, notBefore: number): Period<T> {
  const start = Math.max(last.notBefore ?? notBefore, notBefore)
  const before = periods.at(-2)
  if (before) periods[periods.length - 2] = { ...before, surelyUntil: Math.max(before.since, start) }
  return { ...last, notBefore: start }
}

/** The period that a moment lies in for sure; undefined: before the first, or where one ends and the next begins. */
export function periodAt<T>(periods: readonly Period<T>[], moment: number): Period<T> | undefined {
  const period = periods.findLast(({ since }) => since <= moment)
  if (!period || (period.surelyUntil !== null && moment > period.surelyUntil)) return undefined
  return period
}
