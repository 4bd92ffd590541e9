import { ReaderError } from '../reader-error.ts'

/** Keys and list positions from the configuration's root. */
export type Path = readonly (string | number)[]

/** One thing that is wrong with a configuration. Lines and columns count from 1 and are absent where no file was read. */
export interface Problem {
  file?: string
  line?: number
  column?: number
  /** Such as `sources[0].url`, or the name of an environment variable. Empty: the whole. */
  path: string
  message: string
}

/** Everything that is wrong with a configuration, at once. Its message is for the reader, and holds no secret. */
export class ConfigurationError extends ReaderError {
  override readonly name = 'ConfigurationError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const head = problems.length === 1 ? 'an error' : `${problems.length} errors`
    super(`The configuration has ${head}:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`)
    this.problems = problems
  }
}

/** One line: `FILE:LINE:COLUMN: PATH: MESSAGE`, a form that editors and terminals make a link of. */
function problemText({ file, line, column, path, message }: Problem): string {
  const where = [file, line, column].filter((part) => part !== undefined).join(':')
  return [where, path, message].filter((part) => part !== '').join(': ')
}

/** `['sources', 0, 'url']` as `sources[0].url`. */
export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}
