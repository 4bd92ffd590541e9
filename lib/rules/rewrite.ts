import type { ASTNode } from '@marcbachmann/cel-js'
import { MATCHES } from './environment.ts'
import { knownOf } from './facts.ts'
import { innerScope, isFactList, loopOf, type Scope } from './syntax.ts'

/**
 * An expression as it is evaluated. A list of facts that is not complete is missing, whatever is done with it; only where
 * one element decides (`exists`, `all`, `in`), what is known of the list is looked at first, and then the rest has to be
 * there: its size is asked for, which is missing where the list is not complete, and decides nothing where it is.
 *
 * Printed with parentheses around everything, because the library's own printer drops some that matter. `known`: of the
 * list that the expression is, what is known of it.
 */
export function rewritten(node: ASTNode, scope: Scope, known = false): string {
  const print = (inner: ASTNode) => rewritten(inner, scope)
  const loop = loopOf(node)
  if (loop) {
    const bodies = loop.bodies.map((body) => rewritten(body, innerScope(loop, scope)))
    const over = (part: boolean) =>
      `${rewritten(loop.list, scope, part)}.${loop.name}(${[loop.variable, ...bodies].join(', ')})`
    if (known || !isFactList(loop.list, scope)) return over(known)
    if (loop.name === 'exists') return `(${over(true)} || size(${print(loop.list)}) < 0)`
    if (loop.name === 'all') return `(${over(true)} && size(${print(loop.list)}) >= 0)`
    return over(false)
  }
  switch (node.op) {
    case 'value':
      return node.input.slice(node.start, node.end)
    case 'id':
      return node.args
    case '.':
      return `${print(node.args[0])}.${known ? knownOf(node.args[1]) : node.args[1]}`
    case '[]':
      return `${print(node.args[0])}[${print(node.args[1])}]`
    case 'call':
      return `${node.args[0]}(${node.args[1].map(print).join(', ')})`
    case 'rcall': {
      const [name, receiver, given] = node.args
      if (name === 'matches') return `${MATCHES}(${[receiver, ...given].map(print).join(', ')})`
      return `${print(receiver)}.${name}(${given.map(print).join(', ')})`
    }
    case 'list':
      return `[${node.args.map(print).join(', ')}]`
    case 'map':
      return `{${node.args.map(([key, value]) => `${print(key)}: ${print(value)}`).join(', ')}}`
    case '!_':
    case '-_':
      return `(${node.op[0]}${print(node.args)})`
    case '?:':
      return `(${print(node.args[0])} ? ${print(node.args[1])} : ${print(node.args[2])})`
    case 'in': {
      const [element, list] = node.args
      if (!isFactList(list, scope)) return `(${print(element)} in ${print(list)})`
      return `((${print(element)} in ${rewritten(list, scope, true)}) || size(${print(list)}) < 0)`
    }
    case '.?':
    case '[?]':
      throw new Error('Optional values are not enabled.')
    default:
      return `(${print(node.args[0])} ${node.op} ${print(node.args[1])})`
  }
}
