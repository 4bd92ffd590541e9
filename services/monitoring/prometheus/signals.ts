import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { breachedSince, isBeyond, lastSeen } from '../history.ts'
import { namedModel } from '../naming.ts'
import type { Measurement, SignalDefinition, SignalRecord, SignalsPort } from '../port.ts'
import type { SignalDirection, SignalKind } from '../schema.generated.ts'
import { type History, query, queryRange, type Server } from './ask.ts'
import type { SignalOptions } from './options.ts'
import type { Point } from './wire.ts'

/** How far back is looked, and how closely, in seconds: 169 steps. */
const DEPTH = 7 * 86_400
const STEP = 3_600

/** Seconds after which the past is looked at again; its steps are hours. */
const HISTORY_FRESH = 600

/** The configured signals: of each, one query of now, and at most every ten minutes one of the past. */
export function signalsPort(server: Server, signals: readonly SignalOptions[]): SignalsPort {
  /** Undefined: what is known of the past is fresh. */
  function readPast(
    { name, query: expression }: SignalOptions,
    previous: SignalRecord | undefined,
    call: UpstreamCall,
  ) {
    const now = Date.now()
    if (previous?.historyAt != null && now - previous.historyAt < HISTORY_FRESH * 1_000) return undefined
    const end = Math.floor(now / 1_000)
    const range = { expression, start: end - DEPTH, end, step: STEP }
    return queryRange(server, range, `the signal ${name} over the last days`, call)
  }

  async function readSignal(options: SignalOptions, previous: SignalRecord | undefined, call: UpstreamCall) {
    const definition = definitionOf(options)
    const now = Date.now()
    const [current, past] = await Promise.all([
      orFailure(query(server, options.query, `the signal ${options.name}`, call)),
      orFailure(readPast(options, previous, call)),
    ])
    if (current instanceof UpstreamError) {
      return { definition, measurements: [], historyAt: null, failure: current, partial: false }
    }
    const failure = past instanceof UpstreamError ? past : null
    const read = past instanceof UpstreamError ? undefined : past
    const historyAt = read ? now : (previous?.historyAt ?? null)
    const before = read ? pastOf(options, definition, read.result) : withoutValues(previous)
    const partial = current.partial || (read?.partial ?? false)
    const measurements = [...withCurrent(options, definition, before, current.result, historyAt !== null).values()]
    return { definition, measurements, historyAt, failure, partial }
  }

  return {
    async read(previous, call) {
      const records = await Promise.all(signals.map((options, i) => readSignal(options, previous[i], call)))
      const [first] = records
      // It is the tool, and not its expressions: what was read before then stays, marked as old.
      const isDown = records.every(({ failure, measurements }) => failure && measurements.length === 0)
      if (isDown && first?.failure && first.failure.reason !== 'BAD_RESPONSE') throw first.failure
      return records
    },
  }
}

/** Failures of the source are answers here; others are faults of ours. */
async function orFailure<T>(asked: T | Promise<T>): Promise<T | UpstreamError> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}

type Measurements = Map<string, Measurement>

/** What was there over the last days, each as one that has no value now. */
function pastOf(options: SignalOptions, definition: SignalDefinition, result: readonly History[]): Measurements {
  const found = result.flatMap(({ labels, values }) => {
    const last = lastSeen(values)
    const measurement = last === undefined ? undefined : measured(options, labels, { value: null, at: last })
    return measurement ? [{ ...measurement, since: breachedSince(values, definition) }] : []
  })
  return new Map(found.map((one) => [keyOf(one), one]))
}

function withoutValues(previous: SignalRecord | undefined): Measurements {
  return new Map(previous?.measurements.map((one) => [keyOf(one), { ...one, value: null }]))
}

function withCurrent(
  options: SignalOptions,
  definition: SignalDefinition,
  before: Measurements,
  points: readonly Point[],
  historyKnown: boolean,
): Measurements {
  const all = new Map(before)
  for (const { labels, value, at } of points) {
    const measurement = measured(options, labels, { value, at })
    if (!measurement) continue
    const key = keyOf(measurement)
    // Beyond it now, and not at the last look at the past: since now.
    const since = before.get(key)?.since ?? (historyKnown ? at * 1_000 : null)
    all.set(key, { ...measurement, since: isBeyond(value, definition) ? since : null })
  }
  return all
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
