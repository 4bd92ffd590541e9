import { makeId } from '#lib/ids.ts'
import type { AlertList, AlertRecord } from './port.ts'

/** An alert in the index: what resolvers are handed. */
export interface AlertEntry extends Omit<AlertRecord, 'key'> {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly fetchedAt: Date
}

/** Every alert of one source. */
export interface AlertIndex {
  readonly alerts: readonly AlertEntry[]
  readonly byId: ReadonlyMap<string, AlertEntry>
  /** By the name of the registered model that their labels name. */
  readonly byModel: ReadonlyMap<string, readonly AlertEntry[]>
  /** By the serving source that their labels name. */
  readonly byServer: ReadonlyMap<string, readonly AlertEntry[]>
  /** true: the tool started so lately that alerts may not have been sent to it again. */
  readonly young: boolean
}

/** Milliseconds in which whoever sends alerts has sent them again: Prometheus does so every minute. */
const RESENT = 120_000

/** Builds the index of a source from what its tool holds. */
export function buildAlertIndex(source: string, { alerts, startedAt }: AlertList, fetchedAt: Date): AlertIndex {
  const entries = alerts.map(({ key, ...record }) => ({
    ...record,
    ...{ id: makeId('Alert', source, key), source, fetchedAt },
  }))
  return {
    alerts: entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    byModel: grouped(entries, ({ named }) => (named ? [named.modelName] : [])),
    byServer: grouped(entries, ({ watched }) => [...new Set(watched.map((watch) => watch.source))]),
    young: startedAt !== null && fetchedAt.getTime() - startedAt < RESENT,
  }
}

function grouped<T>(entries: readonly T[], keysOf: (entry: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const entry of entries) {
    for (const key of keysOf(entry)) {
      const group = groups.get(key)
      if (group) group.push(entry)
      else groups.set(key, [entry])
    }
  }
  return groups
}
