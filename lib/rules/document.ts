import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml'
import type { RuleProblem } from './problem.ts'

/** A YAML file with the place of every value in it. */
export interface RuleDocument {
  readonly value: unknown
  readonly problems: readonly RuleProblem[]
  /** Whether something is written at the top under that name. */
  has(name: string): boolean
  /** A problem with the value at a path, or with the character at `offset` of its text. A path that is not there: with what is above it. */
  problem(path: readonly (string | number)[], message: string, offset?: number): RuleProblem
}

/** Reads the text of a rule's file. */
export function readRuleDocument(file: string, text: string): RuleDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const at = (position: number, message: string): RuleProblem => {
    const { line, col } = lines.linePos(position)
    return { file, line, column: col, message }
  }
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) =>
    at(pos[0], `found YAML that does not hold together: ${message}`),
  )
  return {
    value: problems.length > 0 ? undefined : document.toJS(),
    problems,
    has: (name) => isMap(document.contents) && document.contents.has(name),
    problem(path, message, offset) {
      const node = nodeAt(document.contents, path)
      const start = node?.range?.[0] ?? 0
      if (offset === undefined || !isScalar(node)) return at(start, message)
      return at(positionIn(text, node, offset), message)
    },
  }
}

/** The node at a path, else the key of it, else the nearest above. */
function nodeAt(root: Node | null, path: readonly (string | number)[]): Node | null {
  let node = root
  for (const part of path) {
    let next: Node | null | undefined
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part) as Pair<Node, Node> | undefined
      next = pair && (pair.value ?? pair.key)
    } else if (isSeq(node)) next = node.items[Number(part)] as Node | undefined
    if (!next) return node
    node = next
  }
  return node
}

/** Where a character of a text stands in the file; the start of the text where its form does not let us tell. */
function positionIn(text: string, { range, type, value }: Scalar, offset: number): number {
  const start = range?.[0] ?? 0
  const own = String(value)
  if (type === 'BLOCK_LITERAL') {
    const body = text.indexOf('\n', start) + 1
    const indent = /^(?:[ \t]*\n)*([ \t]*)/.exec(text.slice(body))?.[1]?.length ?? 0
    const before = own.slice(0, offset).split('\n')
    const above = text
      .slice(body)
      .split('\n')
      .slice(0, before.length - 1)
    return body + above.reduce((sum, line) => sum + line.length + 1, 0) + indent + (before.at(-1)?.length ?? 0)
  }
  const first = type === 'PLAIN' ? start : start + 1
  return text.startsWith(own, first) ? first + offset : start
}
