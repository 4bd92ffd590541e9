import type { ASTNode, Environment } from '@marcbachmann/cel-js'
import { asError } from '../as-error.ts'
import type { Read, Run } from './facts.ts'
import { type Hole, Missing } from './missing.ts'
import { rewritten } from './rewrite.ts'
import { loopOf, type Scope } from './syntax.ts'

/** What came of an expression, and the part of what was read that decided it. */
export interface Verdict {
  /** An error: it cannot be told; of a `Missing`, the holes say why. */
  readonly value: boolean | Error
  readonly reads: ReadonlyMap<string, Read>
  readonly holes: ReadonlyMap<string, Hole>
}

/** A condition, ready to be judged. */
export type Condition = (variables: Record<string, unknown>, run: Run) => Verdict

/**
 * Compiles a checked expression. `&&`, `||` and `!` above everything else are walked here, with a trace of what each part
 * read, so that evidence is of the part that decided.
 */
export function condition(ast: ASTNode, cel: Environment, scope: Scope): Condition {
  if (ast.op === '&&' || ast.op === '||') {
    const [left, right] = [condition(ast.args[0], cel, scope), condition(ast.args[1], cel, scope)]
    const decisive = ast.op === '||'
    return (variables, run) => {
      const first = left(variables, run)
      if (first.value === decisive) return first
      const second = right(variables, run)
      if (second.value === decisive) return second
      if (first.value instanceof Error) return second.value instanceof Error ? both(first, second) : first
      return second.value instanceof Error ? second : both(first, second)
    }
  }
  if (ast.op === '!_') {
    const inner = condition(ast.args, cel, scope)
    return (variables, run) => {
      const verdict = inner(variables, run)
      return typeof verdict.value === 'boolean' ? { ...verdict, value: !verdict.value } : verdict
    }
  }
  const evaluate = cel.parse(rewritten(ast, scope))
  const list = decidingList(ast)
  return (variables, run) => {
    const reads = new Map<string, Read>()
    const holes = new Map<string, Hole>()
    Object.assign(run, { reads, holes })
    const value = attempt(() => evaluate(variables))
    const oneDecided = list && value === (list.loop === 'exists')
    return { value, reads: oneDecided ? ofLastElement(reads, list.path) : reads, holes }
  }
}

/** Of two parts that both count. An error of the rule beats a missing fact, which is nobody's mistake. */
function both(first: Verdict, second: Verdict): Verdict {
  const value = first.value instanceof Missing ? second.value : first.value
  return {
    value,
    reads: new Map([...first.reads, ...second.reads]),
    holes: new Map([...first.holes, ...second.holes]),
  }
}

/** The value of an expression; an error of it as a value. */
function attempt(evaluate: () => unknown): boolean | Error {
  try {
    const value: unknown = evaluate()
    return typeof value === 'boolean' ? value : new Error('The condition is neither true nor false.')
  } catch (error) {
    return asError(error)
  }
}

/** Where one element can decide: the loop, and the path of its list. */
function decidingList(ast: ASTNode): { loop: 'exists' | 'all'; path: string } | undefined {
  const loop = loopOf(ast)
  if (loop?.name !== 'exists' && loop?.name !== 'all') return undefined
  const path = pathOf(loop.list)
  return path === undefined ? undefined : { loop: loop.name, path }
}

/** The path of facts that names alone lead to, without the subject's; undefined: there is more to it. */
function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return ''
  if (node.op !== '.') return undefined
  const above = pathOf(node.args[0])
  if (above === undefined) return undefined
  return above === '' ? node.args[1] : `${above}.${node.args[1]}`
}

/** The loop ended at the element that decided: what was read of the others before it did not. */
function ofLastElement(reads: ReadonlyMap<string, Read>, path: string): ReadonlyMap<string, Read> {
  const indexOf = (key: string) =>
    key.startsWith(`${path}[`) ? Number.parseInt(key.slice(path.length + 1), 10) : undefined
  const last = Math.max(...[...reads.keys()].map((key) => indexOf(key) ?? -1))
  return new Map([...reads].filter(([key]) => (indexOf(key) ?? last) === last))
}
