import { describe, expect, it } from 'vitest'
import { linesOf } from './sample.ts'

describe('text that is not YAML', () => {
  const mistakes: [what: string, text: string, line: string][] = [
    ['an open quote', 'a: "x\n', '2:1: found YAML that does not hold together: Missing closing "quote'],
    ['a tab', 'a:\n\t- b', '2:1: found a tab, expected spaces'],
    [
      'an indentation that fits nowhere',
      'a:\n  b: c\n d: e',
      '3:1: found YAML that does not hold together: All mapping items must start at the same column',
    ],
    [
      'two colons in a line',
      'a: b: c',
      '1:4: found a second ": " in one line, expected one key in a line. Put text that holds ": " in quotes',
    ],
    [
      'a reserved character',
      'a: @b',
      '1:4: found text that starts with a character reserved in YAML, expected quotes around it',
    ],
    ['a second document', 'a: 1\n---\nb: 2', '2:1: found a second document after "---", expected one'],
    [
      'an unknown tag',
      'a: !b c',
      '1:4: found a tag (!) that is not known, expected a plain value. Put text that starts with ! in quotes',
    ],
    [
      'an unknown escape',
      'a: "\\q"',
      '1:5: found a backslash sequence that double quotes do not know, expected text. Use single quotes, or \\\\',
    ],
    ['a map as a key', '{ a: 1 }: 2', '1:1: found a map or list as a key, expected text'],
    ['something after a text', 'a: "b" c', '1:8: found something that has no meaning here, expected YAML'],
    [
      'a variable within braces',
      `a: { b: \${C} }`,
      `1:10: found \${…} within { } or [ ], expected quotes around it: "\${NAME}"`,
    ],
  ]
  it.each(mistakes)('names %s and its place', (_, text, line) => {
    expect(linesOf(text)).toEqual([line])
  })

  it('tells one error for each line', () => {
    expect(linesOf('a: @b\nc: @d').map((line) => line.slice(0, 4))).toEqual(['1:4:', '2:4:'])
  })

  it('tells an alias without an anchor, and one that holds itself', () => {
    expect(linesOf('sources: *a')).toContain(
      '1:10: sources: found an alias (*) without its anchor (&), expected one further up. Put text that starts with * in quotes',
    )
    expect(linesOf('sources: &a [*a]')).toContainEqual(
      expect.stringContaining('found more than 100 aliases (*), or one that holds itself, expected fewer'),
    )
  })
})
