import { invalid } from './problem.ts'

/** One thing to sort by. */
export interface OrderBy {
  key: string
  ascending: boolean
}

/** Reads `start_time DESC`. A key with blanks is quoted or in backticks, and is given back as written. */
export function parseOrderBy(clause: string): OrderBy {
  const [, key, direction] = /^\s*((?:`[^`]*`|"[^"]*"|[^\s`"])+)(?:\s+(\S+))?\s*$/.exec(clause) ?? []
  if (key === undefined) throw invalid(`Invalid order_by clause '${clause}'. Could not be parsed.`)
  if (direction === undefined) return { key, ascending: true }
  if (!/^(asc|desc)$/i.test(direction)) throw invalid(`Invalid ordering key in order_by clause '${clause}'.`)
  return { key, ascending: direction.toLowerCase() === 'asc' }
}

/** What rows are sorted by: a text, a number, or undefined, which comes last either way. */
export type SortValue = string | number | undefined

/** A comparison by several values in turn. Texts are compared by their characters' codes, as SQLite does. */
export function byAll<T>(
  ...keys: readonly { of: (row: T) => SortValue; ascending: boolean }[]
): (a: T, b: T) => number {
  return (a, b) => {
    for (const { of, ascending } of keys) {
      const order = compare(of(a), of(b), ascending)
      if (order !== 0) return order
    }
    return 0
  }
}

function compare(a: SortValue, b: SortValue, ascending: boolean): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  const order = typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
  return ascending ? order : -order
}
