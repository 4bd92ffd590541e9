import type { RequestContext } from '#lib/context.ts'
import { datasetId } from '#lib/dataset-name.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { lineageKey } from './catalog.ts'
import type { RecordEntry } from './catalog-index.ts'
import type { SourceColumn } from './port.ts'

/**
 * The columns that a column is made from, by the lineage of the first catalog that traces columns and has traced this
 * dataset's; null: none has. Throws a GraphQLError where one could not be asked, since nothing beside can say so.
 */
export async function tracedSources(
  records: readonly RecordEntry[],
  column: string,
  context: RequestContext,
): Promise<SourceColumn[] | null> {
  for (const { catalog, record } of records) {
    if (!catalog.lineage || !catalog.connected.port.tracesColumns) continue
    const question = { address: record.address, depth: 1 }
    const [reading] = await catalog.lineage.readMany([lineageKey(question)], context)
    if (reading?.value === undefined && reading?.failure) throw graphqlFailure(reading.failure)
    const id = datasetId(record)
    const traced = (reading?.value ?? []).filter(({ to, columns = [] }) => columns.length > 0 && datasetId(to) === id)
    if (traced.length === 0) continue
    return traced.flatMap(({ from, columns = [] }) =>
      columns.filter(({ to }) => to === column).map((one) => ({ ...from, column: one.from })),
    )
  }
  return null
}
