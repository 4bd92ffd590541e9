import { describe, expect, it } from 'vitest'
import { load, type Parts } from './graph.ts'

/** What is wrong with a rule, as `LINE:COLUMN: MESSAGE`. */
function problems(parts: Parts): string[] {
  const loaded = load(parts)
  return 'problems' in loaded ? loaded.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`) : []
}

describe('a rule is refused with file, line and column', () => {
  it.each<[string, Parts, RegExp]>([
    [
      'a fact that the graph does not have',
      { facts: 'name ready ownerz' },
      /^8:40: facts: Cannot query field "ownerz"/,
    ],
    ['a fragment that is none', { facts: 'name ready {' }, /^8:4\d: facts: Syntax Error/],
    [
      'a fact in an expression that is not asked for',
      { pass: 'thing.ready && thing.owner' },
      /^9:29: pass: No such key: owner/,
    ],
    ['a misspelt fact within has()', { pass: 'has(thing.redy)' }, /^9:18: pass: No such key: redy/],
    [
      'a misspelt fact within has() within a loop',
      { facts: 'name kids { nodes { name } }', pass: 'thing.kids.nodes.all(k, has(k.nme))' },
      /^9:\d+: pass: No such key: nme/,
    ],
    ['a comparison with null', { pass: 'thing.name == null' }, /^9:\d+: pass: no such overload/],
    ['a condition that is no condition', { pass: 'thing.name' }, /^9:8: pass: found a string, expected bool/],
    [
      'a word that an enum does not have',
      { facts: 'name color', pass: 'thing.color == "BLUE"' },
      /^9:\d+: pass: found "BLUE", expected one of: RED, GREEN/,
    ],
    [
      'a word that an enum does not have, in a list',
      { facts: 'name color', pass: 'thing.color in ["RED", "BLUE"]' },
      /found "BLUE"/,
    ],
    ['UNKNOWN as an answer', { facts: 'name color', pass: 'thing.color == "UNKNOWN"' }, /found UNKNOWN/],
    [
      'a comparison of records',
      { facts: 'name kids { nodes { name } }', pass: 'thing.kids.nodes == thing.kids.nodes' },
      /comparison of records/,
    ],
    ['a function that is not allowed', { pass: 'dyn(thing.ready)' }, /found a call of dyn/],
    ['a variable of the library', { pass: 'google.x == 1' }, /Unknown variable: google/],
    [
      'a loop within three loops',
      {
        facts: 'name words',
        pass: 'thing.words.all(a, thing.words.all(b, thing.words.all(c, thing.words.all(d, a == d))))',
      },
      /a loop within 3 loops/,
    ],
    [
      'a variable that hides the subject',
      { facts: 'name words', pass: 'thing.words.all(thing, true)' },
      /already means something/,
    ],
    [
      'what only the engine reads',
      { facts: 'name words', pass: 'size(thing.words__known) > 0' },
      /No such key: words__known/,
    ],
    ['a pattern that is made of facts', { pass: 'thing.name.matches(thing.name)' }, /needs a pattern in quotes/],
    ['a pattern that RE2 does not know', { pass: 'thing.name.matches("(?=a)")' }, /a pattern that RE2 does not know/],
    ['a mistake in a message', { message: 'All of {{ thing.nme }}' }, /^10:27: message: No such key: nme/],
    [
      'a fact that rules themselves say',
      { facts: 'name ready health { status }' },
      /^8:40: facts: Thing.health leads to Health/,
    ],
    [
      'a fact that is made from what rules say',
      { facts: 'name ready made { from }' },
      /^8:40: facts: Thing.health leads to Health/,
    ],
    ['a list of lists', { facts: 'name ready grid' }, /^8:40: facts: grid is a list of lists/],
    ['a scalar that rules cannot read', { facts: 'name ready blob' }, /blob is a Blob/],
    ['a fragment within', { facts: 'name ready any { ... on Tag { key } }' }, /any is of several types/],
    ['a key that is none', { more: 'colour: red' }, /^1:1: Unrecognized key/],
    [
      'a parameter without a description',
      { more: 'parameters: { max: { default: 1 } }' },
      /^11:\d+: parameters.max.description/,
    ],
  ])('%s', (_, parts, message) => {
    const found = problems(parts)
    expect(found.join('\n')).toMatch(message)
  })

  it('YAML that does not hold together', () => {
    expect(problems({ more: 'a: b: c' }).join()).toMatch(/^11:\d+: found YAML that does not hold together/)
  })

  it('a mistake in a block of several lines, at its own line', () => {
    const more = ['unknown: |', '  thing.ready ||', '    thing.nme == "x"'].join('\n')
    expect(problems({ more })).toEqual(['13:11: unknown: No such key: nme'])
  })
})

describe('what the graph is asked', () => {
  it('gives one field with other arguments two names, and adds what tells of gaps and origins', () => {
    const loaded = load({
      facts: 'ready kids(first: 5) { nodes { name } }',
      pass: 'size(thing.kids.nodes) > 0',
      message: 'x',
    })
    if (!('rule' in loaded)) throw new Error('refused')
    const { asked, fields } = loaded.rule.shape
    expect(fields.get('kids')?.key).toMatch(/^kids_[0-9a-f]+$/)
    expect(JSON.stringify(asked)).toContain('hasNextPage')
    expect(JSON.stringify(asked)).toContain('fetchedAt')
    expect(JSON.stringify(asked)).toContain('incomplete')
  })
})
