import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { type Guarded, visible, visibleOf } from '#lib/visible.ts'

/** Whether the caller may see something of this subgraph: asked here and nowhere else. */
export function maySee(record: Guarded, { caller }: RequestContext): boolean {
  return visible(caller, record)
}

/** What of these the caller may see, and what is hidden, counted by source. */
export function seenOf<T extends Guarded>(
  records: readonly T[],
  { caller }: RequestContext,
): { seen: readonly T[]; incomplete: Incomplete[] } {
  return visibleOf(caller, records)
}
