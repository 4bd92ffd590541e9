import type { Measurement, SignalRecord } from './port.ts'

/** A figure, and the configured signal that it is of. */
export interface SignalEntry extends Measurement {
  readonly record: SignalRecord
}

/** Every figure that one source has of any model. */
export interface SignalIndex {
  readonly records: readonly SignalRecord[]
  readonly fetchedAt: Date
  /** By the name of the registered model. */
  readonly byModel: ReadonlyMap<string, readonly SignalEntry[]>
}

/** Builds the index of a source from what its tool has. */
export function buildSignalIndex(records: readonly SignalRecord[], fetchedAt: Date): SignalIndex {
  const entries = records.flatMap((record) => record.measurements.map((one) => ({ ...one, record })))
  return { records, fetchedAt, byModel: Map.groupBy(entries, ({ named }) => named.modelName) }
}
