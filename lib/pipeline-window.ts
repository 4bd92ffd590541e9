/** A stretch of time, in milliseconds since 1970; `end` null: it goes on. */
export interface Window {
  readonly start: number
  readonly end: number | null
}

/**
 * The moments of a stretch of time that lie in none of the others. When only one CI run of a commit was under way as a
 * training began, that one is held to have started it: asked from both sides, so that both find the same.
 */
export function soleWindows(own: Window, others: readonly Window[]): Window[] {
  return others.reduce<Window[]>((left, other) => left.flatMap((window) => without(window, other)), [own])
}

/** Whether a moment lies in one of them. */
export function within(moment: number, windows: readonly Window[]): boolean {
  return windows.some(({ start, end }) => start <= moment && moment <= (end ?? Number.POSITIVE_INFINITY))
}

function without(window: Window, other: Window): Window[] {
  const [end, otherEnd] = [window.end ?? Number.POSITIVE_INFINITY, other.end ?? Number.POSITIVE_INFINITY]
  if (other.start > end || otherEnd < window.start) return [window]
  const before = { start: window.start, end: other.start - 1 }
  const after = { start: otherEnd + 1, end: window.end }
  return [...(before.end >= before.start ? [before] : []), ...(otherEnd < end && after.start <= end ? [after] : [])]
}
