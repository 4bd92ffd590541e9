import type { z } from 'zod'
import type { Place } from './document-values.ts'
import { nearest } from './nearest.ts'
import type { Path } from './problem.ts'
import { type Places, placeOf } from './retype.ts'
import type { Described } from './schema.ts'
import { valueAt } from './values.ts'

/** Something wrong at a path; with `key`, it is that key of the map there. */
export interface Finding {
  path: Path
  key?: string
  message: string
}

/** What is asked to put an issue into words. */
export interface Context {
  value: unknown
  describe: (path: Path) => Described | undefined
  places: Places
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

/** What the shown form of any value can be without telling a secret. */
const HARMLESS = ['a map', 'a list', 'an empty list', 'nothing', 'an alias']

/** An issue of zod in this configuration's words: what was found, what was expected, and the word that was probably meant. */
export function explain(issue: z.core.$ZodIssue, { value, describe, places }: Context): Finding[] {
  const path = issue.path as Path
  const described = describe(path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, described))
  const expected = expectation(issue, described)
  if (valueAt(value, path) === undefined) return [{ path, message: `missing, expected ${expected}` }]
  const place = placeOf(places, path)
  return [
    {
      path,
      message: `found ${foundAt(place, described)}, expected ${expected}${hint(issue, valueAt(value, path), place)}`,
    },
  ]
}

/** How an error may speak of the value at a place. Where the schema knows nothing of it, it could be a secret. */
export function foundAt(place: Place | undefined, described: Described | undefined): string {
  const showable = place && (HARMLESS.includes(place.shown) || (described && !described.secret))
  return showable ? place.shown : 'something that is not shown'
}

/** ` Did you mean "…"?`, or nothing. */
export const didYouMean = (word: string | undefined): string => (word === undefined ? '' : `. Did you mean "${word}"?`)

function unknownKey(path: Path, key: string, described: Described | undefined): Finding {
  // Where a space is missing after a colon, the key holds the value: `{ password:… }`.
  const named = !described?.secret && /^[\w.-]{1,40}$/.test(key) ? `"${key}"` : '(not shown)'
  const known = described?.keys ?? []
  const message = `unknown key ${named}, expected ${oneOf(known)}${didYouMean(nearest(key.replace(/:.*/, ''), known))}`
  return { path, key, message }
}

function expectation(issue: z.core.$ZodIssue, described: Described | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return described?.expected ?? TYPES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return oneOf(issue.values.map(String))
    case 'too_small':
      if (issue.origin === 'array') return `a list of at least ${issue.minimum}`
      return issue.origin === 'string' ? 'text that is not empty' : `a number of at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string' ? `at most ${issue.maximum} characters` : `at most ${issue.maximum}`
    case 'invalid_union':
      return described?.expected ?? 'one of the forms that the reference shows'
    default:
      // Checks of this configuration and of kinds word their message as what was expected.
      return issue.message
  }
}

function oneOf(words: string[]): string {
  return words.length === 1 ? `"${words[0]}"` : `one of: ${words.join(', ')}`
}

function hint(issue: z.core.$ZodIssue, value: unknown, place: Place | undefined): string {
  // What is near to the value tells something of the value, and this one came from a variable.
  if (place?.interpolated) return ''
  if (issue.code === 'invalid_value') return didYouMean(nearest(String(value), issue.values.map(String)))
  return issue.code === 'custom' ? didYouMean(issue.params?.meant) : ''
}
