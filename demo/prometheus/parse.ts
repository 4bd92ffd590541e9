/** A matcher of a label. */
export interface Matcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** The part of PromQL that the stand-in evaluates. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** `seconds`: of a range, such as `[5m]`. */
  | { readonly kind: 'selector'; readonly matchers: readonly Matcher[]; readonly seconds?: number }
  | {
      readonly kind: 'aggregation'
      readonly name: string
      readonly by: readonly string[]
      readonly of: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'or'; readonly left: Expression; readonly right: Expression }

const TOKEN = /\s*([a-zA-Z_:][\w:]*|"(?:[^"\\\n]|\\.)*"|\d+(?:\.\d+)?[smhd]?|=~|!~|!=|[(){}[\],=])/y
const AGGREGATIONS = ['sum', 'max', 'count']
const FUNCTIONS = ['rate', 'histogram_quantile', 'label_replace']
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Parses an expression; throws an Error on what is no PromQL, or more of it than the stand-in knows. */
export function parse(text: string): Expression {
  const tokens = tokensOf(text)
  let place = 0
  const peek = () => tokens[place]
  const next = () => tokens[place++]
  const expect = (wanted: string) => {
    const found = next()
    if (found !== wanted) throw new Error(`unexpected ${found ?? 'end of input'}, expected ${wanted}`)
  }
  const listed = <T>(item: () => T, end: string): T[] => {
    const items: T[] = []
    while (peek() !== end) {
      items.push(item())
      if (peek() === ',') next()
      else break
    }
    expect(end)
    return items
  }
  const word = () => {
    const found = next()
    if (found === undefined) throw new Error('unexpected end of input')
    return found
  }

  function whole(): Expression {
    let left = one()
    while (peek() === 'or') {
      next()
      left = { kind: 'or', left, right: one() }
    }
    return left
  }

  function one(): Expression {
    const first = word()
    if (first.startsWith('"')) return { kind: 'text', value: unquoted(first) }
    if (/^\d/.test(first)) return { kind: 'number', value: Number(first) }
    if (AGGREGATIONS.includes(first)) return aggregation(first)
    if (peek() === '(') {
      if (!FUNCTIONS.includes(first)) throw new Error(`unknown function with name "${first}"`)
      next()
      return { kind: 'call', name: first, args: listed(whole, ')') }
    }
    return selector(first)
  }

  function aggregation(name: string): Expression {
    let by: string[] = []
    if (peek() === 'by') {
      next()
      expect('(')
      by = listed(word, ')')
    }
    expect('(')
    const of = whole()
    expect(')')
    return { kind: 'aggregation', name, by, of }
  }

  function selector(first: string): Expression {
    const named = first === '{' ? [] : [{ label: '__name__', operator: '=' as const, value: first }]
    if (first !== '{' && !/^[a-zA-Z_:]/.test(first)) throw new Error(`unexpected ${first}`)
    let matchers: Matcher[] = []
    if (first === '{' || peek() === '{') {
      if (first !== '{') next()
      matchers = listed(matcher, '}')
    }
    if (peek() !== '[') return { kind: 'selector', matchers: [...named, ...matchers] }
    next()
    const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(word()) ?? []
    expect(']')
    return { kind: 'selector', matchers: [...named, ...matchers], seconds: Number(count) * (UNITS[unit] ?? Number.NaN) }
  }

  function matcher(): Matcher {
    const label = word()
    const operator = word() as Matcher['operator']
    if (!['=', '!=', '=~', '!~'].includes(operator)) throw new Error(`unexpected ${operator} in label matching`)
    return { label, operator, value: unquoted(word()) }
  }

  const expression = whole()
  if (place < tokens.length) throw new Error(`unexpected ${peek()}`)
  return expression
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex
    const [, token] = TOKEN.exec(text) ?? []
    if (token === undefined) throw new Error(`unexpected character: ${text.slice(at, at + 1)}`)
    tokens.push(token)
  }
  return tokens
}

function unquoted(token: string): string {
  if (!token.startsWith('"')) throw new Error(`unexpected ${token}, expected a string`)
  const marks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
  return token.slice(1, -1).replace(/\\(.)/g, (_, mark: string) => {
    if (marks[mark] === undefined && mark !== '\\' && mark !== '"') throw new Error('unknown escape sequence')
    return marks[mark] ?? mark
  })
}
