import type { z } from 'zod'
import { type Place, placeKey } from './document-values.ts'
import type { Path } from './problem.ts'
import { replaceAt, valueAt } from './values.ts'

/** Where values stand, by `placeKey(path)`. Empty: they were read from no text. */
export type Places = ReadonlyMap<string, Place>

export const placeOf = (places: Places, path: readonly PropertyKey[]): Place | undefined =>
  places.get(placeKey(path as Path))

/**
 * Reads plain text as the schema expects it, where YAML guessed otherwise: `version: 1.10` is text and not 1.1, and what
 * comes from a variable (always text) can be a number or a boolean. Returns whether anything changed.
 */
export function retype(root: unknown, issues: readonly z.core.$ZodIssue[], places: Places): boolean {
  let changed = false
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue
    const path = issue.path as Path
    const value = read(valueAt(root, path), issue.expected, placeOf(places, path))
    if (value === undefined) continue
    replaceAt(root, path, value)
    changed = true
  }
  return changed
}

function read(value: unknown, expected: string, place: Place | undefined): unknown {
  if (expected === 'string') return place?.written
  if (!place?.interpolated || typeof value !== 'string') return undefined
  if (expected === 'number' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  if (expected === 'boolean' && /^(true|false)$/.test(value)) return value === 'true'
  return undefined
}
