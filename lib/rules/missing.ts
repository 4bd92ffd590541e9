import type { Incomplete } from '../common.generated.ts'

/** A fact that is not known, and why. */
export interface Hole {
  /** In the rule's own words, such as `champion.servedBy.nodes`. */
  readonly path: string
  readonly why: readonly Incomplete[]
}

/** Thrown where an expression reads what is not known. CEL's logic absorbs it where the judgement does not depend on it. */
export class Missing extends Error {
  override readonly name = 'Missing'
}

/** An entry of our own for something that no source accounts for. */
export function unaccounted(
  reason: Incomplete['reason'],
  message: string,
  source: string | null = null,
): readonly Incomplete[] {
  return [{ source, reason, message, count: null }]
}
