import { invalid, MlflowCrash } from '../problem.ts'
import type { Token } from './tokens.ts'

/** The text between the quotes, which are single or double. MLflow knows no escape there: a backslash is a backslash. */
export function quotedText({ text }: Token): string {
  if (/^(['"]).*\1$/s.test(text) && text.length > 1) return text.slice(1, -1)
  throw invalid(
    `Parameter value is either not quoted or unidentified quote types used for string value ${text}. Use either single or double quotes.`,
  )
}

/** The key of an identifier without the backticks or quotes around it. */
export function bareKey(key: string): string {
  return /^(["'`]).*\1$/s.test(key) && key.length > 1 ? key.slice(1, -1) : key
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' }
const ITEM = /\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(-?\d+))\s*/sy

/**
 * The texts of a list such as `('a', 'b')`, read as Python reads a tuple: here escapes are understood, and texts side by
 * side are one.
 */
export function textList({ text }: Token): readonly string[] {
  const inner = text.slice(1, -1)
  if (inner.trim() === '') {
    throw invalid('While parsing a list in the query, expected a non-empty list of string values, but got empty list')
  }
  const items: string[] = []
  let at = 0
  let joined = false
  while (at < inner.length) {
    ITEM.lastIndex = at
    const match = ITEM.exec(inner)
    // A bare word is a name to Python, on which MLflow fails.
    if (!match) throw new MlflowCrash()
    if (match[3] !== undefined) {
      throw invalid(
        `While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: (${inner},)`,
      )
    }
    const value = withoutEscapes(match[1] ?? match[2] ?? '')
    items.push(joined ? (items.pop() ?? '') + value : value)
    at = ITEM.lastIndex
    joined = inner[at] !== ','
    if (!joined) at++
  }
  return items
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(?:x(.{0,2})|u(.{0,4})|U(.{0,8})|(.))/gs, (whole, x, u, U, letter) => {
    if (letter !== undefined) return ESCAPES[letter] ?? whole
    const [digits, length] = [x ?? u ?? U, x !== undefined ? 2 : u !== undefined ? 4 : 8]
    if (digits.length === length && /^[\da-f]+$/i.test(digits)) return String.fromCodePoint(Number.parseInt(digits, 16))
    throw invalid(
      'While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.',
    )
  })
}
