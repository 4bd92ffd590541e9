import type { ErrorCode } from 'yaml'

const UNEXPECTED = 'found something that has no meaning here, expected YAML'

const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'found an incomplete * or &, expected an alias. Put text that starts with one in quotes',
  BAD_DIRECTIVE: 'found a line that starts with %, expected YAML. Put text that starts with one in quotes',
  BAD_DQ_ESCAPE: 'found a backslash sequence that double quotes do not know, expected text. Use single quotes, or \\\\',
  BAD_SCALAR_START: 'found text that starts with a character reserved in YAML, expected quotes around it',
  BLOCK_AS_IMPLICIT_KEY:
    'found a second ": " in one line, expected one key in a line. Put text that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'found text without a colon, expected "key: value"',
  MULTIPLE_DOCS: 'found a second document after "---", expected one',
  NON_STRING_KEY: 'found a map or list as a key, expected text',
  TAB_AS_INDENT: 'found a tab, expected spaces',
  TAG_RESOLVE_FAILED:
    'found a tag (!) that is not known, expected a plain value. Put text that starts with ! in quotes',
}

/** Codes whose messages (yaml 2.9) are constants that name the missing character or the wrong column. */
const CONSTANT: ErrorCode[] = ['MISSING_CHAR', 'BAD_INDENT']

/** What is wrong with the YAML in a line, without repeating any of it: most messages of the library quote what they found. */
export function syntaxMessage(code: ErrorCode, message: string, line: string): string {
  // `{ bearer: ${TOKEN} }`: within braces YAML reads the variable's own braces as a map.
  if (/[{[].*(?<!["'])\$\{/.test(line)) return `found \${…} within { } or [ ], expected quotes around it: "\${NAME}"`
  return CONSTANT.includes(code) ? `found YAML that does not hold together: ${message}` : (WORDS[code] ?? UNEXPECTED)
}
