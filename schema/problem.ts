import type { ASTNode } from 'graphql'

/** Something in the schema that must be put right before it can be composed and committed. */
export interface Problem {
  /** The rule that found it, as schema/README.md lists them. */
  readonly rule: string
  /** The schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `@directive`. */
  readonly element: string
  /** What is wrong and how to put it right; names the element. */
  readonly message: string
  /** File and line, such as `schema/models.graphql:12`; absent where the problem has no one place. */
  readonly at?: string
}

/** Where a node stands, as `file:line`, for nodes that were parsed with a named source. */
export function placeOf(node: ASTNode | undefined): string | undefined {
  return node?.loc && `${node.loc.source.name}:${node.loc.startToken.line}`
}

/** A problem found at one node of a subgraph's document. */
export function problemAt(node: ASTNode, rule: string, element: string, message: string): Problem {
  const at = placeOf(node)
  return { rule, element, message, ...(at !== undefined && { at }) }
}

/** One line for a terminal or a CI log. */
export function printProblem(problem: Problem): string {
  return `${problem.at ? `${problem.at}: ` : ''}${problem.message} (${problem.rule})`
}
