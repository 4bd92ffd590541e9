import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { namedModel } from '../naming.ts'
import type { Measurement, SignalDefinition, SignalRecord, SignalsPort } from '../port.ts'
import type { SignalDirection, SignalKind } from '../schema.generated.ts'
import { query, queryRange, type Server } from './ask.ts'
import { breachedSince, isBeyond, lastSeen } from './history.ts'
import type { SignalOptions } from './options.ts'

/** How far back is looked, and how closely, in seconds: 169 steps. */
const DEPTH = 7 * 86_400
const STEP = 3_600

/** Seconds after which the past is looked at again; its steps are hours. */
const HISTORY_FRESH = 600

/** The configured signals: of each, one query of now, and at most every ten minutes one of the past. */
export function signalsPort(server: Server, signals: readonly SignalOptions[]): SignalsPort {
  async function readSignal(options: SignalOptions, previous: SignalRecord | undefined, call: UpstreamCall) {
    const definition = definitionOf(options)
    const what = `the signal ${options.name}`
    const now = Date.now()
    const isFresh = previous?.historyAt != null && now - previous.historyAt < HISTORY_FRESH * 1_000
    const end = Math.floor(now / 1_000)
    const range = { expression: options.query, start: end - DEPTH, end, step: STEP }
    try {
      const [current, past] = await Promise.all([
        query(server, options.query, what, call),
        isFresh ? null : queryRange(server, range, `${what} over the last days`, call),
      ])
      const known = new Map(previous?.measurements.map((one) => [keyOf(one), one]))
      const measurements = new Map<string, Measurement>()
      for (const { labels, values } of past?.result ?? []) {
        const last = lastSeen(values)
        const measurement = last && measured(options, labels, { value: null, at: last })
        if (!measurement) continue
        measurements.set(keyOf(measurement), { ...measurement, since: breachedSince(values, definition) })
      }
      if (!past) for (const [key, one] of known) measurements.set(key, { ...one, value: null })
      for (const { labels, value, at } of current.result) {
        const measurement = measured(options, labels, { value, at })
        if (!measurement) continue
        const key = keyOf(measurement)
        const since = isBeyond(value, definition) ? (measurements.get(key)?.since ?? at * 1_000) : null
        measurements.set(key, { ...measurement, since })
      }
      return {
        ...{ definition, measurements: [...measurements.values()], failure: null },
        historyAt: past ? now : (previous?.historyAt ?? null),
        partial: current.partial || (past?.partial ?? false),
      }
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      return { definition, measurements: [], historyAt: null, failure: error, partial: false }
    }
  }
  return {
    read: (previous, call) => Promise.all(signals.map((options, i) => readSignal(options, previous[i], call))),
  }
}

function definitionOf({ name, kind, unit, worse, threshold }: SignalOptions): SignalDefinition {
  return {
    ...{ name, unit: unit ?? null, threshold: threshold ?? null },
    kind: kind.toUpperCase() as SignalKind,
    worse: worse.toUpperCase() as SignalDirection,
  }
}

/** undefined: the series names no model. */
function measured(
  { registry, modelLabel, versionLabel, featureLabel }: SignalOptions,
  labels: Readonly<Record<string, string>>,
  { value, at }: { value: number | null; at: number },
): Measurement | undefined {
  const named = namedModel(labels, {
    registry,
    model: [modelLabel],
    version: versionLabel === undefined ? [] : [versionLabel],
  })
  const feature = Object.hasOwn(labels, featureLabel) ? labels[featureLabel] : undefined
  return named ? { named, feature: feature || null, value, measuredAt: at * 1_000, since: null } : undefined
}

function keyOf({ named: { modelName, modelVersion }, feature }: Measurement): string {
  return JSON.stringify([modelName, modelVersion, feature])
}
