import { breachedSince, isBeyond } from '../history.ts'
import { namedModel } from '../naming.ts'
import type { Measurement, SignalDefinition } from '../port.ts'
import type { SignalKind } from '../schema.generated.ts'
import type { SignalOptions } from './options.ts'
import type { Run } from './wire.ts'

const HOUR = 3_600_000

/** One value of a run, and what it was measured of. */
interface Value {
  readonly measured: Pick<Measurement, 'named' | 'feature'>
  readonly at: number
  readonly value: number
}

/** What is configured of a signal. */
export function definitionOf({ name, kind, unit, worse, threshold }: SignalOptions): SignalDefinition {
  return {
    ...{ name, unit: unit ?? null, threshold: threshold ?? null },
    kind: kind.toUpperCase() as SignalKind,
    worse: worse === 'higher' ? 'HIGHER' : 'LOWER',
  }
}

/** The figures of a signal: of each model, version and feature the last value, and since when it has been beyond the threshold. */
export function measurementsOf(
  options: SignalOptions,
  registry: string | undefined,
  runs: readonly Run[],
  now: number,
): Measurement[] {
  const definition = definitionOf(options)
  const values = runs.flatMap((run) => valuesOf(options, registry, run))
  const series = Map.groupBy(values, ({ measured: { named, feature } }) =>
    JSON.stringify([named.modelName, named.modelVersion, feature]),
  )
  return [...series.values()].flatMap((unsorted) => {
    const sorted = unsorted.toSorted((a, b) => a.at - b.at)
    const last = sorted.at(-1)
    if (!last) return []
    const isFresh = now - last.at <= options.freshHours * HOUR
    const past = sorted.map(({ at, value }) => [at / 1_000, value] as const)
    const since = isFresh && isBeyond(last.value, definition) ? breachedSince(past, definition) : null
    return [{ ...last.measured, value: isFresh ? last.value : null, measuredAt: last.at, since }]
  })
}

function valuesOf({ metric, modelTag, versionTag }: SignalOptions, registry: string | undefined, run: Run): Value[] {
  const { metrics, tags } = run.data
  const byKey = new Map(tags.map(({ key, value }) => [key, value]))
  const labels = Object.fromEntries(
    [modelTag, ...(versionTag === undefined ? [] : [versionTag])].flatMap((key) => {
      const value = byKey.get(key)
      return value ? [[key, value]] : []
    }),
  )
  const named = namedModel(
    labels,
    { registry, model: [modelTag], version: versionTag === undefined ? [] : [versionTag] },
    'tag',
  )
  if (!named) return []
  return metrics.flatMap(({ key, value, timestamp: at }) => {
    const feature = featureOf(metric, key)
    return feature === undefined ? [] : [{ measured: { named, feature }, at, value }]
  })
}

/** What stands for the `*` of a metric's name; null: the name has none. undefined: it is another metric. */
function featureOf(metric: string, key: string): string | null | undefined {
  const [before = '', after] = metric.split('*')
  if (after === undefined) return key === metric ? null : undefined
  const fits = key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length
  return fits ? key.slice(before.length, key.length - after.length) : undefined
}
