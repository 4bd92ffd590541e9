import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { RecordCache } from '#lib/record-cache.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import { type AlertIndex, buildAlertIndex } from './alert-index.ts'
import type { MonitoringPort, TrafficQuestion, TrafficRecord, TrafficWatch } from './port.ts'
import { buildSignalIndex, type SignalIndex } from './signal-index.ts'

/** Traffic records that are held of one source: a few hundred bytes each. */
const MAX_RECORDS = 20_000

/** One monitoring source as the resolvers read it; a part that its tool does not offer is absent. */
export interface Monitor {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<MonitoringPort>
  readonly watches: readonly TrafficWatch[]
  /** By `trafficKey`. */
  readonly traffic?: RecordCache<TrafficRecord>
  readonly signals?: Snapshot<SignalIndex>
  readonly alerts?: Snapshot<AlertIndex>
  close(): Promise<void>
}

/** The key of a question in `Monitor.traffic`. */
export const trafficKey = ({ watch, model, windowSeconds }: TrafficQuestion): string =>
  JSON.stringify([watch, model, windowSeconds])

function questionOf(key: string): TrafficQuestion {
  const [watch, model, windowSeconds] = JSON.parse(key)
  return { watch, model, windowSeconds }
}

/** Makes a connected source readable. */
export function createMonitor(connected: ConnectedSource<MonitoringPort>, config: Config, log: Logger): Monitor {
  const { id, port, upstream } = connected
  const held = { ...config.index, source: id, log }
  const { traffic, signals, alerts } = port
  const parts = {
    ...(traffic && {
      traffic: new RecordCache<TrafficRecord>({
        ...{ ...held, maxRecords: MAX_RECORDS },
        load: (keys, call) => traffic.read(keys.map(questionOf), call),
      }),
    }),
    ...(signals && {
      signals: new Snapshot<SignalIndex>({
        ...held,
        load: async (call, previous) => {
          const fetchedAt = new Date()
          return { value: buildSignalIndex(await signals.read(previous?.records ?? [], call), fetchedAt), fetchedAt }
        },
      }),
    }),
    ...(alerts && {
      alerts: new Snapshot<AlertIndex>({
        ...held,
        load: async (call) => {
          const fetchedAt = new Date()
          return { value: buildAlertIndex(id, await alerts.read(call), fetchedAt), fetchedAt }
        },
      }),
    }),
  }
  return {
    ...{ id, connected, ...parts, watches: traffic?.watches ?? [] },
    source: sourceRecord('MonitoringSource', connected),
    close: async () => {
      await Promise.all(Object.values(parts).map((part) => part.close()))
      await upstream.close()
    },
  }
}
