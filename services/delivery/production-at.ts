import type { ModelHistory } from './history.ts'
import { periodAt } from './periods.ts'
import { type Span, wasWatched } from './spans.ts'

/** What was in production at a moment. Times are milliseconds since 1970. */
export interface ProductionAtRecord {
  /** Id of the version. null: none, or not known. */
  readonly version: string | null
  /** Ids. null: not known. */
  readonly served: readonly string[] | null
  readonly known: boolean
  readonly observedAt: number | null
  readonly firstObservationAt: number | null
  readonly precisionSeconds: number | null
}

/**
 * What was in production at a moment. `watched`: when the registry and the servers were looked at. Nobody knows what was before
 * the first look, in a time in which nobody looked, after the last look, or within a change that was seen only afterwards.
 */
export function productionAt(
  { champion, served, firstObservationAt }: ModelHistory,
  moment: number,
  watched: { readonly champion: readonly Span[]; readonly served: readonly Span[] },
): ProductionAtRecord {
  const declared = wasWatched(watched.champion, moment) ? periodAt(champion, moment) : undefined
  const answering = wasWatched(watched.served, moment) ? periodAt(served, moment) : undefined
  const { notBefore = null, since = null, initial = false } = declared ?? {}
  return {
    version: declared?.value ?? null,
    served: answering ? [...answering.value] : null,
    known: declared !== undefined,
    observedAt: since,
    firstObservationAt,
    precisionSeconds: since === null || notBefore === null || initial ? null : (since - notBefore) / 1_000,
  }
}
