import type { Incomplete, IncompleteReason } from '../common.generated.ts'
import type { GraphAnswer } from '../graph.ts'
import { unaccounted } from './missing.ts'

/** Why parts of an answer are null. */
export interface AnswerErrors {
  /** Of the value at a path of the answer; undefined: no error accounts for it. */
  why(path: string): readonly Incomplete[] | undefined
  /** Whether a thing at a path is null only because there is no such thing: a promise about it could not be kept. */
  gone(path: string): boolean
}

/** A path of an answer as a key. */
export const pathKey = (path: readonly (string | number)[]): string => path.join('.')

/** The gateway's word for a value that was promised and is not there. */
const BROKEN_PROMISE = 'SUBGRAPH_BAD_RESPONSE'

/** Reasons by the codes of the graph's errors; what is not listed is taken for an outage. */
const reasons: Readonly<Record<string, IncompleteReason>> = {
  UPSTREAM_TIMEOUT: 'TIMEOUT',
  UPSTREAM_FORBIDDEN: 'FORBIDDEN',
  FORBIDDEN: 'FORBIDDEN',
  UPSTREAM_RATE_LIMITED: 'RATE_LIMITED',
  UPSTREAM_BAD_RESPONSE: 'BAD_RESPONSE',
  [BROKEN_PROMISE]: 'BAD_RESPONSE',
}

/**
 * What the errors of an answer account for: the values at their paths, below them, and all around them, since null of a
 * value that was promised takes what is around it along. An error without a path, as an unreachable subgraph gives, can be
 * why anything is null; so can one whose path does not start at `root`, the answer's only field.
 */
export function answerErrors(errors: GraphAnswer['errors'], root: string): AnswerErrors {
  /** By the path of an error. */
  const exactly = new Map<string, readonly Incomplete[]>()
  /** By the path of an error, and by all above it. */
  const around = new Map<string, readonly Incomplete[]>()
  const otherThanPromises = new Set<string>()
  let anywhere: readonly Incomplete[] | undefined
  for (const { message, path, extensions } of errors) {
    const { code, source } = extensions ?? {}
    const told = typeof source === 'string' ? source : null
    const why = unaccounted(reasons[String(code)] ?? 'DOWN', message, told)
    if (path?.[0] !== root) {
      anywhere ??= why
      continue
    }
    if (!exactly.has(pathKey(path))) exactly.set(pathKey(path), why)
    for (let end = 1; end <= path.length; end += 1) {
      const key = pathKey(path.slice(0, end))
      if (!around.has(key)) around.set(key, why)
      if (code !== BROKEN_PROMISE) otherThanPromises.add(key)
    }
  }
  const above = (path: string) => {
    const parts = path.split('.')
    return parts.map((_, i) => exactly.get(parts.slice(0, i + 1).join('.'))).find((why) => why !== undefined)
  }
  return {
    why: (path) => around.get(path) ?? above(path) ?? anywhere,
    gone: (path) => !anywhere && !otherThanPromises.has(path) && !exactly.has(root),
  }
}
