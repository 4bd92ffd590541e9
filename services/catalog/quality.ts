import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { incompleteOf } from '#lib/reading.ts'
import { checksKey } from './catalog.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { Catalogs } from './catalogs.ts'
import type { DatasetView } from './dataset-view.ts'
import type { CheckRecord } from './port.ts'
import type { DataQuality, QualityStatus } from './schema.generated.ts'

/** What a catalog tells of checks. */
interface Told {
  /** null: it tests nothing here, or does not tell how it stood. */
  readonly checks: readonly CheckRecord[] | null
  readonly incomplete: readonly Incomplete[]
}

/** Results of checks together; null: there are none, and nothing is missing. */
export function qualityOf(
  checks: readonly CheckRecord[] | null,
  incomplete: readonly Incomplete[] = [],
): DataQuality | null {
  if (checks === null && incomplete.length === 0) return null
  const all = checks ?? []
  const count = (status: CheckRecord['status']) => all.filter((check) => check.status === status).length
  const [passed, failed, unknown] = [count('PASSED'), count('FAILED'), count('UNKNOWN')]
  const sound = unknown === 0 && all.length > 0 && incomplete.length === 0
  const status: QualityStatus = failed > 0 ? 'FAILED' : sound ? 'PASSED' : 'UNKNOWN'
  return {
    ...{ status, passed, failed, unknown },
    lastRunAt: dateTime(
      all.reduce<number | null>((last, { ranAt }) => (ranAt === null ? last : Math.max(last ?? ranAt, ranAt)), null),
    ),
    checks: all.map(({ name, column, status, message, ranAt }) => ({
      name,
      column,
      status,
      message,
      ranAt: dateTime(ranAt),
    })),
    incomplete,
  }
}

/** The checks of all catalogs together, now. */
export function qualityNow(catalogs: Catalogs, { records, incomplete }: DatasetView): DataQuality | null {
  const told = records.flatMap(({ record }) => (record.checks === null ? [] : [record.checks]))
  return qualityOf(told.length === 0 ? null : told.flat(), thoseThatTest(catalogs, incomplete))
}

/** How the checks of a dataset stood at a moment, in milliseconds since 1970, by all catalogs together. */
export async function qualityAt(
  catalogs: Catalogs,
  dataset: DatasetView,
  at: number,
  context: RequestContext,
): Promise<DataQuality | null> {
  if (at >= Date.now()) return qualityNow(catalogs, dataset)
  const told = await Promise.all(dataset.records.map((entry) => toldAt(entry, at, context)))
  const checks = told.flatMap((one) => (one.checks === null ? [] : [one.checks]))
  const missing = told.flatMap((one) => one.incomplete)
  return qualityOf(checks.length === 0 ? null : checks.flat(), [
    ...thoseThatTest(catalogs, dataset.incomplete),
    ...missing,
  ])
}

async function toldAt({ catalog, record, fetchedAt }: RecordEntry, at: number, context: RequestContext): Promise<Told> {
  const { checks, address } = record
  const last = checks ?? []
  // Where each ran before the moment and nothing can have run since, the last results are those that stood then.
  const stand = last.length > 0 && last.every(({ ranAt }) => ranAt !== null && ranAt <= at)
  if (stand && at <= fetchedAt.getTime()) return { checks, incomplete: [] }
  if (!catalog.checksAt) return { checks: null, incomplete: [] }
  const [reading] = await catalog.checksAt.readMany([checksKey(address, at)], context)
  if (reading?.value !== undefined) return { checks: reading.value, incomplete: [] }
  const incomplete = reading?.failure ? [incompleteOf(reading.failure, 'how its checks stood then')] : []
  return { checks: null, incomplete }
}

/** A catalog that has no checks of anything takes nothing away. */
function thoseThatTest(catalogs: Catalogs, missing: readonly Incomplete[]): Incomplete[] {
  return missing.filter(({ source, reason }) => {
    if (reason === 'NOT_CONFIGURED') return false
    return source == null || catalogs.byId(source)?.connected.port.tests !== false
  })
}

const dateTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
