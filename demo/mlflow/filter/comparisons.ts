import { invalid } from '../problem.ts'
import { repr } from '../python.ts'
import { type Token, tokens } from './tokens.ts'

/** One condition of a filter as written. */
export interface Comparison {
  left: string
  /** In capitals: `=`, `LIKE`, `NOT IN`. */
  comparator: string
  right: Token
}

/**
 * The conditions of a filter, all of which must hold: MLflow knows AND, but no OR and no parentheses. What is no
 * condition is refused, each piece in the message shown by `show`.
 */
export function comparisons(filter: string, show: (piece: string) => string): readonly Comparison[] {
  const pieces = tokens(filter)
  if (sizeOf(pieces) > MAX_PIECES) throw invalid(`Error on parsing filter '${filter}'`)
  const end = pieces.findIndex(({ text }) => text === ';')
  if (end >= 0 && end < pieces.length - 1) {
    throw invalid(`Search filter contained multiple expression ${repr(filter)}. Provide AND-ed expression list.`)
  }
  const found: Comparison[] = []
  const strays: string[] = []
  for (let at = 0; at < pieces.length; ) {
    const { comparison, length } = comparisonAt(pieces, at)
    if (comparison) found.push(comparison)
    else if (!/^AND$/i.test(pieces[at]?.text ?? '')) strays.push(pieces[at]?.text ?? '')
    at += length
  }
  if (strays.length > 0) throw invalid(`Invalid clause(s) in filter string: ${strays.map(show).join(', ')}`)
  return found
}

/** What the lexer takes (sqlparse's MAX_GROUPING_TOKENS); a list of 5000 ids is too long. */
const MAX_PIECES = 10_000

function sizeOf(pieces: readonly Token[]): number {
  const listed = pieces.filter(({ kind }) => kind === 'list').map(({ text }) => text.match(/'[^']*'|,/g)?.length ?? 0)
  return listed.reduce((sum, size) => sum + size, pieces.length)
}

const VALUES: readonly (Token['kind'] | undefined)[] = ['identifier', 'operation', 'text', 'number', 'list']

function comparisonAt(pieces: readonly Token[], at: number): { comparison?: Comparison; length: number } {
  const [left, second, third, fourth] = pieces.slice(at, at + 4)
  if (!left || !VALUES.includes(left.kind)) return { length: 1 }
  if (second?.kind === 'comparator' && third && VALUES.includes(third.kind)) {
    if (left.kind !== 'identifier') {
      throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`)
    }
    return { comparison: { left: left.text, comparator: second.text.toUpperCase(), right: third }, length: 3 }
  }
  const [word, next] = [second?.text.toUpperCase(), third?.text.toUpperCase()]
  if (left.kind !== 'identifier') return { length: 1 }
  if (word === 'IN' && third?.kind === 'list') {
    return { comparison: { left: left.text, comparator: 'IN', right: third }, length: 3 }
  }
  if (word === 'NOT' && next === 'IN' && fourth?.kind === 'list') {
    return { comparison: { left: left.text, comparator: 'NOT IN', right: fourth }, length: 4 }
  }
  return { length: 1 }
}
