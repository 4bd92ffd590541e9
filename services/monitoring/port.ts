import type { Port } from '#lib/adapter.ts'
import type { NamedValue } from '#lib/common.generated.ts'
import type { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { NamedModel, SignalDirection, SignalKind } from './schema.generated.ts'

/**
 * What a tool that monitors can offer; each part is absent where the tool has no such thing. Times are milliseconds since
 * 1970. `null` is "the tool does not tell", a missing record "it has none". What one reading lacks is inline; a method
 * rejects with an UpstreamError when the tool fails as a whole.
 */
export interface MonitoringPort extends Port {
  readonly traffic?: TrafficPort
  readonly signals?: SignalsPort
  readonly alerts?: AlertsPort
}

/** Requests, errors and latency of served models. */
export interface TrafficPort {
  /** What it watches, as configured. */
  readonly watches: readonly TrafficWatch[]
  /** In the order of the questions; as many requests as there are watches and windows in them, however many models. */
  read(questions: readonly TrafficQuestion[], call: UpstreamCall): Promise<readonly (TrafficRecord | UpstreamError)[]>
}

/** Which part of the serving side something watches. */
export interface Watch {
  /** Id of the serving source. */
  readonly source: string
  /** Key of the one endpoint; null: every endpoint of the source. */
  readonly endpoint: string | null
}

/** A watch, and what the metrics of that server can tell. */
export interface TrafficWatch extends Watch {
  readonly tells: { readonly errors: boolean; readonly latency: boolean }
}

/** Which traffic. */
export interface TrafficQuestion {
  /** Place of the watch in `watches`. */
  readonly watch: number
  /** Name of the model, as the server calls it. */
  readonly model: string
  readonly windowSeconds: number
}

/** The traffic of a model on a server, all its versions. */
export interface TrafficRecord {
  /** End of the window. */
  readonly at: number
  /** How many replicas of the server the tool is told to reach, and how many it reaches; null: it does not tell. */
  readonly targets: { readonly known: number; readonly up: number } | null
  /** Empty: there are no data. */
  readonly series: readonly TrafficSeries[]
  /** How full the fullest thing is that the server tells of, 0 to 1, at the end of the window. null: it tells of none. */
  readonly saturation: number | null
  /** true: the tool says that something may be missing. */
  readonly partial: boolean
}

/** Numbers of one version; any of them may be NaN. */
export interface TrafficSeries {
  /** null: requests that named no version, or the server counts no versions. */
  readonly version: string | null
  readonly requestsPerSecond: number | null
  readonly errorsPerSecond: number | null
  /** Seconds spent per second, and requests per second that they were spent on. */
  readonly spent: { readonly seconds: number; readonly requests: number } | null
  readonly p50Seconds: number | null
  readonly p95Seconds: number | null
  readonly p99Seconds: number | null
}

/** Figures that somebody publishes for models. */
export interface SignalsPort {
  /** Every configured signal, for all models; `previous` is what was read before. A signal that fails does not fail the others. */
  read(previous: readonly SignalRecord[], call: UpstreamCall): Promise<readonly SignalRecord[]>
}

/** A configured signal, and what was read of it. */
export interface SignalRecord {
  readonly definition: SignalDefinition
  readonly measurements: readonly Measurement[]
  /** When the past was looked at last. */
  readonly historyAt: number | null
  /** Why there are no measurements, or no history of them. */
  readonly failure: UpstreamError | null
  /** true: the tool says that something may be missing. */
  readonly partial: boolean
}

/** What is configured of a signal. */
export interface SignalDefinition {
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string | null
  readonly worse: SignalDirection
  readonly threshold: number | null
}

/** One figure. */
export interface Measurement {
  readonly named: NamedModel
  readonly feature: string | null
  /** May be NaN or infinite. null: there is none now, only older ones. */
  readonly value: number | null
  /** When there last was one. */
  readonly measuredAt: number
  /** Since when it has been beyond the threshold; null: it is not, or not known. */
  readonly since: number | null
}

/** What is wrong now. */
interface AlertsPort {
  read(call: UpstreamCall): Promise<AlertList>
}

/** Every alert that a tool holds. */
export interface AlertList {
  readonly alerts: readonly AlertRecord[]
  /** When the tool started with an empty list; null: it does not tell. */
  readonly startedAt: number | null
}

/** An alert. */
export interface AlertRecord {
  /** The tool's own key of it. */
  readonly key: string
  readonly name: string
  readonly severity: string | null
  readonly summary: string | null
  readonly startedAt: number | null
  readonly suppressed: boolean
  readonly inhibited: boolean
  readonly silences: readonly SilenceRecord[]
  readonly labels: readonly NamedValue[]
  readonly webUrl: string | null
  /** The registered model that its labels name. */
  readonly named: NamedModel | null
  /** What its labels say it is about on the serving side, with the labels that say so. */
  readonly watched: readonly (Watch & { readonly evidence: string })[]
}

/** Why an alert is quiet. */
export interface SilenceRecord {
  readonly id: string
  readonly comment: string
  readonly createdBy: string
  readonly startsAt: number
  readonly endsAt: number
}
