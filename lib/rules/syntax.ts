import type { ASTNode } from '@marcbachmann/cel-js'
import type { FactField, Shape } from './shape.ts'

/** Macros that have a variable of their own for each element. */
const LOOPS = new Set(['exists', 'all', 'exists_one', 'filter', 'map'])

/** A loop over a list, taken apart. */
export interface Loop {
  readonly name: string
  readonly list: ASTNode
  readonly variable: string
  readonly bodies: readonly ASTNode[]
}

/** The loop that a node is; undefined: it is none. */
export function loopOf(node: ASTNode): Loop | undefined {
  if (node.op !== 'rcall') return undefined
  const [name, list, [variable, ...bodies]] = node.args
  return LOOPS.has(name) && variable?.op === 'id' && bodies.length > 0
    ? { name, list, variable: variable.args, bodies }
    : undefined
}

/** What an expression stands for, as far as it is a fact. */
export type FactType = Pick<FactField, 'list' | 'shape' | 'values'>

/** The facts that names stand for. */
export type Scope = ReadonlyMap<string, FactType>

/** A scope with the subject in it. */
export const rootScope = (root: string, shape: Shape): Scope => new Map([[root, { list: false, shape }]])

/** The scope within a loop. A variable over what is no list of facts hides the outer one of its name. */
export function innerScope({ list, variable }: Loop, scope: Scope): Scope {
  const over = factOf(list, scope)
  return new Map([...scope, [variable, over?.list ? elementOf(over) : { list: false }]])
}

/** The fact that an expression is; undefined: it is no fact, or nothing tells. */
export function factOf(node: ASTNode, scope: Scope): FactType | undefined {
  if (node.op === 'id') return scope.get(node.args)
  if (node.op === '.') return factOf(node.args[0], scope)?.shape?.fields.get(node.args[1])
  if (node.op === '[]') {
    const list = factOf(node.args[0], scope)
    return list?.list ? elementOf(list) : undefined
  }
  const loop = loopOf(node)
  if (loop?.name === 'filter') return factOf(loop.list, scope)
  if (loop?.name === 'map') {
    const [body] = loop.bodies.slice(-1)
    const element = body && factOf(body, innerScope(loop, scope))
    return element && !element.list ? { ...element, list: true } : undefined
  }
  return undefined
}

/** The field at the end of the path to a list, through filters and maps; undefined: the list is no fact. */
export function isFactList(node: ASTNode, scope: Scope): boolean {
  const loop = loopOf(node)
  if (loop && (loop.name === 'filter' || loop.name === 'map')) return isFactList(loop.list, scope)
  return node.op === '.' && factOf(node, scope)?.list === true
}

const elementOf = ({ shape, values }: FactType): FactType => ({
  list: false,
  ...(shape && { shape }),
  ...(values && { values }),
})

/** The nodes right below a node. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = []
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) collect(one)
    else if (isNode(part)) found.push(part)
  }
  collect(node.args)
  return found
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value
