import type { Incomplete, IncompleteReason } from '../common.generated.ts'
import type { GraphAnswer } from '../graph.ts'
import { unaccounted } from './missing.ts'

/** Why parts of an answer are null. */
export interface AnswerErrors {
  /** Of the value at a path of the answer; undefined: no error accounts for it. */
  why(path: string): readonly Incomplete[] | undefined
}

/** A path of an answer as a key. */
export const pathKey = (path: readonly (string | number)[]): string => path.join('.')

/** Reasons by the codes of the graph's errors; what is not listed is taken for an outage. */
const reasons: Readonly<Record<string, IncompleteReason>> = {
  UPSTREAM_TIMEOUT: 'TIMEOUT',
  UPSTREAM_FORBIDDEN: 'FORBIDDEN',
  UPSTREAM_RATE_LIMITED: 'RATE_LIMITED',
  UPSTREAM_BAD_RESPONSE: 'BAD_RESPONSE',
  SUBGRAPH_BAD_RESPONSE: 'BAD_RESPONSE',
}

/**
 * What the errors of an answer account for: the values at their paths and all around them, since null of a value that was
 * promised takes what is around it along. An error without a path, as an unreachable subgraph gives, can be why anything
 * is null; so can one whose path does not start at `root`, the answer's only field.
 */
export function answerErrors(errors: GraphAnswer['errors'], root: string): AnswerErrors {
  const at = new Map<string, readonly Incomplete[]>()
  let anywhere: readonly Incomplete[] | undefined
  for (const { message, path, extensions } of errors) {
    const source = typeof extensions?.source === 'string' ? extensions.source : null
    const why = unaccounted(reasons[String(extensions?.code)] ?? 'DOWN', message, source)
    if (path?.[0] !== root) {
      anywhere ??= why
      continue
    }
    for (let end = 1; end <= path.length; end += 1) {
      const key = pathKey(path.slice(0, end))
      if (!at.has(key)) at.set(key, why)
    }
  }
  return { why: (path) => at.get(path) ?? anywhere }
}
