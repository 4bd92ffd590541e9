import type { SignalDefinition } from './port.ts'

/** Values over time, oldest first: seconds since 1970, and the value. */
export type Values = readonly (readonly [at: number, value: number])[]

/** Whether a value is beyond the threshold; a value that is no number is not, and nothing is without a threshold. */
export function isBeyond(value: number, { threshold, worse }: SignalDefinition): boolean {
  if (threshold === null) return false
  return worse === 'HIGHER' ? value > threshold : value < threshold
}

/** Since when a series has been beyond the threshold up to its end, in milliseconds; hours without data do not end it. null: it is not. */
export function breachedSince(values: Values, definition: SignalDefinition): number | null {
  let since: number | null = null
  for (const [at, value] of values) {
    if (!isBeyond(value, definition)) since = null
    else since ??= at * 1_000
  }
  return since
}

/** When a series last had a value, in seconds; undefined: never. */
export function lastSeen(values: Values): number | undefined {
  return values.at(-1)?.[0]
}
