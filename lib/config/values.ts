import type { Path } from './problem.ts'

/** A value somewhere in a configuration that may not be valid. */
export interface Found {
  path: Path
  value: unknown
}

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null

/** Every value that a pattern such as `['sources', '*', 'id']` meets, `*` being each item of a list; what is absent is left out. */
export function collect(root: unknown, pattern: Path): Found[] {
  let found: Found[] = [{ path: [], value: root }]
  for (const part of pattern) {
    found = found.flatMap(({ path, value }): Found[] => {
      if (part === '*') return Array.isArray(value) ? value.map((item, i) => ({ path: [...path, i], value: item })) : []
      return isObject(value) && part in value ? [{ path: [...path, part], value: value[part] }] : []
    })
  }
  return found
}

/** Every value that is neither a map nor a list. */
export function leaves(value: unknown, path: Path = []): Found[] {
  if (!isObject(value)) return [{ path, value }]
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, [...path, i]))
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
}

/** The value at a path; undefined: there is none. */
export const valueAt = (root: unknown, path: Path): unknown => collect(root, path)[0]?.value

/** Puts a value where another one stands. */
export function replaceAt(root: unknown, path: Path, value: unknown): void {
  const parent = valueAt(root, path.slice(0, -1))
  const key = path.at(-1)
  if (isObject(parent) && key !== undefined) parent[key] = value
}
