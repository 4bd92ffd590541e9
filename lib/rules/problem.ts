import { ReaderError } from '../reader-error.ts'

/** One thing that is wrong with a rule. Lines and columns count from 1. */
export interface RuleProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Everything that is wrong with rules, at once; a line each, `FILE:LINE:COLUMN: MESSAGE`. */
export class RulesError extends ReaderError {
  override readonly name = 'RulesError'
  readonly problems: readonly RuleProblem[]

  constructor(problems: readonly RuleProblem[]) {
    const head = problems.length === 1 ? 'an error' : `${problems.length} errors`
    super(`The rules have ${head}:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`)
    this.problems = problems
  }
}

const problemText = ({ file, line, column, message }: RuleProblem): string => `${file}:${line}:${column}: ${message}`
