import type { Config } from '#lib/config/schema.ts'
import type { SourceRecord } from '#lib/reading.ts'

/** The type of the graph that sources of a kind have: that of the subgraph which reads them. */
export type SourceTypeOf = (kind: string) => string

/** Every configured source, as the subgraph that reads it calls it. */
export function sourceRecords({ sources }: Config, sourceTypeOf: SourceTypeOf): SourceRecord[] {
  return sources.map(({ id, kind, title }) => ({ __typename: sourceTypeOf(kind), id, kind, title }))
}
