/** The right side of a condition. */
export type Value = string | number | readonly string[]

/** Whether a condition holds for a text or number; one that is not there fulfils none. */
export function holds(actual: string | number | undefined, comparator: string, value: Value): boolean {
  if (actual === undefined) return false
  switch (comparator) {
    case '=':
      return actual === value
    case '!=':
      return actual !== value
    case '<':
      return actual < value
    case '<=':
      return actual <= value
    case '>':
      return actual > value
    case '>=':
      return actual >= value
    case 'LIKE':
      return like(String(value), '').test(String(actual))
    case 'ILIKE':
      return like(String(value), 'i').test(String(actual))
    case 'IN':
      return Array.isArray(value) && value.includes(actual)
    case 'NOT IN':
      return Array.isArray(value) && !value.includes(actual)
    default:
      throw new Error(`The stand-in does not know the comparator ${comparator}`)
  }
}

/** SQL's pattern: `%` is any text, `_` any one character, nothing can be escaped. */
function like(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, `su${flags}`)
}
