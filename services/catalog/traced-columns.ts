import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { datasetId } from '#lib/dataset-name.ts'
import { incompleteOf } from '#lib/reading.ts'
import { lineageKey } from './catalog.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { SourceColumn } from './port.ts'

/**
 * The columns that a column is made from, by the lineage of the first catalog that traces columns and has traced this
 * dataset's; null: none has, of those that could be asked.
 */
export async function tracedSources(
  records: readonly RecordEntry[],
  column: string,
  context: RequestContext,
): Promise<{ sources: SourceColumn[] | null; incomplete: Incomplete[] }> {
  const incomplete: Incomplete[] = []
  for (const { catalog, record } of records) {
    if (!catalog.lineage || !catalog.connected.port.tracesColumns) continue
    const question = { address: record.address, depth: 1 }
    const [reading] = await catalog.lineage.readMany([lineageKey(question)], context)
    if (reading?.value === undefined && reading?.failure) {
      incomplete.push(incompleteOf(reading.failure, 'which columns this one is made from'))
    }
    const id = datasetId(record)
    const traced = (reading?.value ?? []).filter(({ to, columns = [] }) => columns.length > 0 && datasetId(to) === id)
    if (traced.length === 0) continue
    const sources = traced.flatMap(({ from, columns = [] }) =>
      columns.filter(({ to }) => to === column).map((one) => ({ ...from, column: one.from })),
    )
    return { sources, incomplete }
  }
  return { sources: null, incomplete }
}
