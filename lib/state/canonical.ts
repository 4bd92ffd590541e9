import { createHash } from 'node:crypto'
import type { JsonValue } from './port.ts'

/**
 * JSON in the one form that RFC 8785 gives it: keys in the order of their UTF-16 code units, nothing between, numbers as
 * ECMAScript writes them. Halves of surrogate pairs, which it forbids, become U+FFFD. Throws a TypeError on what is no JSON.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed())
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is no JSON`)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is no JSON`)
  const members = Object.keys(value)
    .sort()
    // As JSON.stringify: what is undefined is not there.
    .filter((key) => value[key] !== undefined)
    .map((key) => `${canonicalJson(key)}:${canonicalJson(value[key] as JsonValue)}`)
  return `{${members.join(',')}}`
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** SHA-256 over the canonical form, in hexadecimal. */
export function hashOf(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
