import type { Caller } from './caller.ts'
import type { Incomplete } from './common.generated.ts'

/** What decides who may see a record. */
export interface Guarded {
  /** Id of the source it comes from. */
  readonly source: string
}

/**
 * Whether a caller may see a record: asked at every exit of a port (list, by key, reference, link target, count). Until
 * rules by role and source can be configured, `admin` sees everything and nobody else anything.
 */
export function visible(caller: Caller, _record: Guarded): boolean {
  return caller.roles.includes('admin')
}

/** What a caller may see of some records, and the rest as one entry per source that counts it. */
export function visibleOf<T extends Guarded>(
  caller: Caller,
  records: readonly T[],
): { seen: readonly T[]; incomplete: Incomplete[] } {
  const hidden = new Map<string, number>()
  const seen = records.filter((record) => {
    const may = visible(caller, record)
    if (!may) hidden.set(record.source, (hidden.get(record.source) ?? 0) + 1)
    return may
  })
  const incomplete = [...hidden].map(([source, count]): Incomplete => {
    const message = `You may not see ${count} of what ${source} has here: ask for a role that may.`
    return { source, reason: 'FORBIDDEN', message, count }
  })
  return { seen: hidden.size === 0 ? records : seen, incomplete }
}
