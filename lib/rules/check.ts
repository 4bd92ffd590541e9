import { RE2JS } from '@bufbuild/re2'
import type { ASTNode, ParseError } from '@marcbachmann/cel-js'
import type { RuleEnvironment } from './environment.ts'
import { childrenOf, factOf, innerScope, loopOf, type Scope } from './syntax.ts'

/** Something wrong with an expression, at an offset of its text. */
export interface ExpressionProblem {
  readonly offset: number
  readonly message: string
}

/** An expression without a mistake that could be found before it is evaluated. */
export type Checked = { readonly ast: ASTNode } | { readonly problems: readonly ExpressionProblem[] }

/** Functions and methods that rules may call: linear in what they are given, and nothing that a missing fact hides in. */
const FUNCTIONS = new Set(['has', 'size', 'days', 'percent', 'day', 'duration', 'timestamp', 'string', 'int', 'double'])
const METHODS = new Set([
  ...['exists', 'all', 'exists_one', 'filter', 'map', 'size', 'contains', 'startsWith', 'endsWith', 'matches'],
  ...['lowerAscii', 'upperAscii', 'trim', 'join', 'getHours', 'getMinutes', 'getSeconds'],
])

/** Loops within loops: a fourth could keep the process busy. */
const MAX_LOOPS = 3

/** Checks an expression; `results`: the types that it may have. */
export function checkExpression(
  text: string,
  { cel }: RuleEnvironment,
  scope: Scope,
  results: readonly string[],
): Checked {
  let ast: ASTNode
  try {
    ast = cel.parse(text).ast
  } catch (error) {
    return { problems: [asProblem(error)] }
  }
  const own = walk(ast, scope, new Set(['now', 'parameters', ...scope.keys()]), 0)
  if (own.length > 0) return { problems: own }
  const { valid, type, error } = cel.check(text)
  if (!valid) return { problems: [asProblem(error)] }
  // The library does not look into `has`; a call of the same length that it does look into keeps every place.
  const inside = cel.check(withinHas(text, ast))
  if (!inside.valid) return { problems: [asProblem(inside.error)] }
  if (!results.includes(type ?? '')) {
    return { problems: [{ offset: 0, message: `found a ${type}, expected ${results.join(' or ')}` }] }
  }
  return { ast }
}

function asProblem(error: unknown): ExpressionProblem {
  const { summary, range } = error as ParseError
  return { offset: range?.start ?? 0, message: summary }
}

/** The text with `dyn` for each `has`, whose type fits everywhere. */
function withinHas(text: string, ast: ASTNode): string {
  let changed = text
  const visit = (node: ASTNode): void => {
    if (node.op === 'call' && node.args[0] === 'has') {
      changed = `${changed.slice(0, node.start)}dyn${changed.slice(node.start + 'has'.length)}`
    }
    for (const child of childrenOf(node)) visit(child)
  }
  visit(ast)
  return changed
}

function walk(node: ASTNode, scope: Scope, names: ReadonlySet<string>, loops: number): ExpressionProblem[] {
  const problem = (message: string): ExpressionProblem[] => [{ offset: node.start, message }]
  const below = () => childrenOf(node).flatMap((child) => walk(child, scope, names, loops))
  const loop = loopOf(node)
  if (loop) {
    if (loops >= MAX_LOOPS) return problem(`found a loop within ${MAX_LOOPS} loops, expected at most ${MAX_LOOPS}`)
    if (names.has(loop.variable) || loop.variable.includes('__')) {
      return problem(`found a variable "${loop.variable}" that already means something, expected another name`)
    }
    const inner = innerScope(loop, scope)
    const within = new Set([...names, loop.variable])
    return [
      ...walk(loop.list, scope, names, loops),
      ...loop.bodies.flatMap((body) => walk(body, inner, within, loops + 1)),
    ]
  }
  switch (node.op) {
    case 'id':
      return names.has(node.args) ? [] : problem(`Unknown variable: ${node.args}`)
    case '.':
      return node.args[1].includes('__') ? problem(`No such key: ${node.args[1]}`) : below()
    case 'call': {
      const [name, given] = node.args
      if (!FUNCTIONS.has(name)) return problem(`found a call of ${name}, expected one of: ${[...FUNCTIONS].join(', ')}`)
      const [of] = given
      // has() of a path only: its parts are then all read.
      if (name === 'has' && of?.op !== '.') return problem('has() needs a field')
      return below()
    }
    case 'rcall': {
      const [name, , [pattern]] = node.args
      if (!METHODS.has(name)) return problem(`found a call of ${name}, expected one of: ${[...METHODS].join(', ')}`)
      return name === 'matches' ? [...patternProblem(pattern), ...below()] : below()
    }
    case 'value':
      return typeof node.args === 'object' && node.args !== null ? problem('found bytes or an unsigned number') : []
    case '==':
    case '!=':
      return [...comparison(node.args[0], node.args[1], scope), ...below()]
    case 'in':
      return [...comparison(node.args[0], node.args[1], scope), ...below()]
    case 'map':
      return problem('found a map, which rules have no use for')
    default:
      return below()
  }
}

/** RE2 alone decides what a pattern is, and it is compiled once: so it has to be a literal. */
function patternProblem(pattern: ASTNode | undefined): ExpressionProblem[] {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    return [{ offset: pattern?.start ?? 0, message: 'matches() needs a pattern in quotes' }]
  }
  try {
    new RE2JS(pattern.args)
    return []
  } catch {
    return [{ offset: pattern.start, message: `found a pattern that RE2 does not know: ${pattern.args}` }]
  }
}

/** What the library compares without a word: records, which are never equal, and words that an enum does not have. */
function comparison(left: ASTNode, right: ASTNode, scope: Scope): ExpressionProblem[] {
  const sides = [left, right] as const
  const facts = sides.map((side) => factOf(side, scope))
  const record = facts.findIndex((fact) => fact?.shape)
  if (record >= 0) {
    return [
      { offset: sides[record]?.start ?? 0, message: 'found a comparison of records, expected one of their fields' },
    ]
  }
  return facts.flatMap((fact, i) => {
    const other = sides[1 - i]
    return fact?.values && other ? literals(other).flatMap((literal) => enumProblem(literal, fact.values ?? [])) : []
  })
}

const literals = (node: ASTNode): readonly ASTNode[] => (node.op === 'list' ? node.args : [node])

function enumProblem({ op, args, start }: ASTNode, values: readonly string[]): ExpressionProblem[] {
  if (op !== 'value' || typeof args !== 'string') return []
  if (args === 'UNKNOWN' && values.includes(args)) {
    return [{ offset: start, message: 'found UNKNOWN, which is never read: it makes the outcome UNKNOWN by itself' }]
  }
  const known = values.filter((value) => value !== 'UNKNOWN')
  return known.includes(args)
    ? []
    : [{ offset: start, message: `found "${args}", expected one of: ${known.join(', ')}` }]
}
