import type { Incomplete, Provenance } from './common.generated.ts'
import type { Reading } from './snapshot.ts'
import type { ConnectedSource } from './sources.ts'
import type { UpstreamError } from './upstream/error.ts'

/** A source as `Provenance.source` and `Query.sources` show it. */
export interface SourceRecord {
  readonly __typename: string
  readonly id: string
  readonly kind: string
  readonly title: string
}

/** Provenance with the source as a record, which says what type of source it is. */
export type ProvenanceRecord = Omit<Provenance, 'source'> & { readonly source: SourceRecord }

/** Where a reading came from and how old it is; null: nothing could be had. */
export function provenanceOf(source: SourceRecord, reading: Reading<unknown>): ProvenanceRecord | null {
  const { fetchedAt, stale } = reading
  if (!fetchedAt) return null
  const ageSeconds = Math.max(0, Math.floor((Date.now() - fetchedAt.getTime()) / 1_000))
  return { source, fetchedAt: fetchedAt.toISOString(), ageSeconds, stale }
}

/** What is missing because of a failure; `what` says which part of the answer, such as "its models". */
export function incompleteOf(failure: UpstreamError, what: string): Incomplete {
  const { source, reason, message } = failure
  return { source, reason, message: `${message} Missing here: ${what}.`, count: null }
}

/** What is missing from a reading: nothing where there is a value, old or not (`provenance.stale` tells that). */
export function missingFrom(reading: Reading<unknown>, what: string): Incomplete[] {
  return reading.value === undefined && reading.failure ? [incompleteOf(reading.failure, what)] : []
}

/** A connected source as a record of the graph; `typename` is the subgraph's own type of source. */
export function sourceRecord(typename: string, { id, kind, title }: ConnectedSource): SourceRecord {
  return { __typename: typename, id, kind, title }
}
