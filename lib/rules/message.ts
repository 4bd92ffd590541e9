import { checkExpression, type ExpressionProblem } from './check.ts'
import type { RuleEnvironment } from './environment.ts'
import type { Run } from './facts.ts'
import { Missing } from './missing.ts'
import { rewritten } from './rewrite.ts'
import type { Scope } from './syntax.ts'

/** A sentence with facts in it. */
export type Template = (variables: Record<string, unknown>, run: Run) => string

/** The longest text that a fact may have in a sentence. */
const LONGEST = 200

const PART = /\{\{(.*?)\}\}/gs

/** Compiles a template, `{{ expression }}` within text; or tells what is wrong with it. */
export function template(
  text: string,
  environment: RuleEnvironment,
  scope: Scope,
): { readonly template: Template } | { readonly problems: readonly ExpressionProblem[] } {
  const problems: ExpressionProblem[] = []
  const parts: (string | ReturnType<RuleEnvironment['cel']['parse']>)[] = []
  let end = 0
  for (const match of text.matchAll(PART)) {
    const [whole, expression = ''] = match
    parts.push(text.slice(end, match.index))
    end = match.index + whole.length
    const checked = checkExpression(expression, environment, scope, ['string', 'int', 'double', 'bool'])
    if ('ast' in checked) parts.push(environment.cel.parse(rewritten(checked.ast, scope)))
    else for (const one of checked.problems) problems.push({ ...one, offset: one.offset + match.index + '{{'.length })
  }
  parts.push(text.slice(end))
  if (problems.length > 0) return { problems }
  return {
    template: (variables, run) => {
      // Apart from what the judgement read; a list is told as far as it is known.
      Object.assign(run, { lax: true, reads: new Map(), holes: new Map() })
      return oneLine(parts.map((part) => (typeof part === 'string' ? part : shown(() => part(variables)))).join(''))
    },
  }
}

function shown(evaluate: () => unknown): string {
  try {
    return plain(String(evaluate()))
  } catch (error) {
    return error instanceof Missing ? '(not known)' : '(none)'
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** A fact as it may stand in a sentence: one line, no control characters, no characters that change direction, not long. */
export function plain(text: string): string {
  const line = oneLine(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' '))
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line
}
