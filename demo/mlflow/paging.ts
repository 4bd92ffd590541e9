import { invalid } from './problem.ts'
import { lineJson } from './python.ts'

/** One page and the token that asks for the next. */
export interface Page<T> {
  rows: readonly T[]
  /** Absent after the last row. */
  nextPageToken?: string
}

/**
 * The rows that a page token and a limit ask for. Tokens are base64 of `{"offset": N}`, in every search but that of
 * logged models.
 */
export function page<T>(rows: readonly T[], limit: number, token: string | undefined): Page<T> {
  const start = offsetOf(token)
  const end = start + limit
  // A limit of 0 gives no row and a token to where it started, for as long as there are rows.
  return end < rows.length
    ? { rows: rows.slice(start, Math.max(start, end)), nextPageToken: base64(lineJson({ offset: end })) }
    : { rows: rows.slice(start) }
}

/** A list under its name and the next token, each only when there is one: MLflow omits what is empty. */
export function listed<T>(name: string, { rows, nextPageToken }: Page<T>, show: (row: T) => object): object {
  return {
    ...(rows.length === 0 ? {} : { [name]: rows.map(show) }),
    ...(nextPageToken === undefined ? {} : { next_page_token: nextPageToken }),
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function offsetOf(token: string | undefined): number {
  if (!token) return 0
  if (!/^[\w+/]*=*$/.test(token) || token.length % 4 !== 0) throw invalid('Invalid page token, could not base64-decode')
  const text = Buffer.from(token, 'base64').toString()
  let offset: unknown
  try {
    offset = JSON.parse(text).offset
  } catch {
    throw invalid(`Invalid page token, decoded value=b'${text}'`)
  }
  if (!offset) throw invalid(`Invalid page token, parsed value=${text}`)
  return Number(offset)
}
