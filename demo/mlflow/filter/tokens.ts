/** What a piece of a filter is; `operation` is arithmetic, which no filter may hold, and `other` what means nothing. */
type TokenKind = 'identifier' | 'text' | 'number' | 'comparator' | 'keyword' | 'list' | 'operation' | 'other'

export interface Token {
  kind: TokenKind
  /** As written, quotes included. */
  text: string
}

const part = '(?:[\\p{L}_][\\p{L}\\p{N}_$#]*|`[^`]*`|"(?:""|\\\\"|[^"])*")'
const identifier = `${part}(?:\\.${part})*`
const number = '-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?'
const quoted = `'(?:''|\\\\'|[^'])*'`

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['keyword', /(?:AND|OR|NOT|IN|IS|NULL)(?![\p{L}\p{N}_$#.])/iuy],
  ['comparator', /(?:I?LIKE(?![\p{L}\p{N}_$#.])|[<>!=]=|<>|[<>=])/iuy],
  ['operation', new RegExp(`${identifier}(?:\\s*[-+*/%]\\s*(?:${identifier}|${number}))+`, 'uy')],
  ['identifier', new RegExp(identifier, 'uy')],
  ['text', new RegExp(quoted, 'uy')],
  ['number', new RegExp(number, 'uy')],
  ['list', new RegExp(`\\((?:${quoted}|"[^"]*"|[^()'"]+)*\\)`, 'uy')],
  ['other', /./suy],
]

/**
 * Splits a filter as MLflow's SQL lexer (sqlparse) does. A backslash or a second quote keeps a quote within a text, and
 * a quote that is never closed is a piece of its own. Only what a filter may hold is told apart: lists are not nested.
 */
export function tokens(filter: string): readonly Token[] {
  const found: Token[] = []
  let at = 0
  while (at < filter.length) {
    const space = /\s*/y
    space.lastIndex = at
    at += space.exec(filter)?.[0].length ?? 0
    if (at === filter.length) break
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at
      const text = pattern.exec(filter)?.[0]
      if (!text) continue
      found.push({ kind, text })
      at += text.length
      break
    }
  }
  return found
}
