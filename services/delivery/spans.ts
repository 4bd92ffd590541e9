/** A time in which somebody looked again and again: its first and its last look, in milliseconds since 1970. */
export type Span = readonly [from: number, to: number]

/** Spans that are remembered of one thing; what was before the oldest counts as not watched. */
const MAX_SPANS = 500

/**
 * The spans after one more look. A look that comes no later than `gap` milliseconds after the last one prolongs its span; one
 * that comes later begins another, since something can have changed and changed back meanwhile.
 */
export function lookedAgain(spans: readonly Span[], at: number, gap: number): Span[] {
  const last = spans.at(-1)
  if (!last || at - last[1] > gap) return [...spans, [at, at] as const].slice(-MAX_SPANS)
  return [...spans.slice(0, -1), [last[0], Math.max(last[1], at)]]
}

/** Whether somebody looked around a moment. */
export const wasWatched = (spans: readonly Span[], moment: number): boolean =>
  spans.some(([from, to]) => from <= moment && moment <= to)
