import { LineCounter, parseDocument } from 'yaml'
import { type Place, readValues, type TextProblem } from './document-values.ts'
import { syntaxMessage } from './yaml-errors.ts'

/** A text that was read. `parsed` false: not YAML, so `value` means nothing. `places` is keyed by `placeKey(path)`. */
export interface ReadDocument {
  value: unknown
  places: ReadonlyMap<string, Place>
  problems: TextProblem[]
  parsed: boolean
}

/** Reads YAML 1.2 into plain values with `${NAME}` replaced, and keeps for every value where it stands and how to show it. */
export function readDocument(text: string, env: NodeJS.ProcessEnv): ReadDocument {
  const lines = new LineCounter()
  // prettyErrors would quote the source in messages. Duplicate keys are found by readValues, which knows their path.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, stringKeys: true })
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }): TextProblem => {
    const at = positionOf(pos[0])
    const line = text.slice(lines.lineStarts[at.line - 1], lines.lineStarts[at.line])
    return { path: [], at, message: syntaxMessage(code, message, line) }
  })
  // One mistake makes several errors; the first in a line says enough.
  const first = [...new Map(problems.toReversed().map((problem) => [problem.at.line, problem])).values()].toReversed()
  if (first.length > 0) return { value: undefined, places: new Map(), problems: first, parsed: false }
  return { ...readValues({ text, document, env, positionOf }), parsed: true }
}
