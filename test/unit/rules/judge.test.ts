import { print } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { GraphAnswer } from '#lib/graph.ts'
import { judged, ruleOf } from './graph.ts'

const FACTS =
  'name domain ready count ratio at color words one { ready domain } kids { total nodes { name ready count domain kids { nodes { name } } } }'

const provenance = { source: { id: 'tool' }, fetchedAt: '2025-12-31T12:00:00Z' }
const kid = (name: string, ready: boolean | null, more = {}) => ({
  ...{ name, ready, count: 1, domain: null, kids: { nodes: [], incomplete: [], pageInfo: { hasNextPage: false } } },
  ...more,
})
const kids = (nodes: object[], more = {}) => ({
  kids: { total: nodes.length, nodes, incomplete: [], pageInfo: { hasNextPage: false }, ...more },
})
const DOWN = [{ source: 'edge', reason: 'DOWN', message: 'edge does not answer.', count: null }]
const thing = {
  ...{ name: 'churn', domain: null, ready: true, count: 3, ratio: 0.5, at: '2025-12-01T00:00:00Z', color: 'RED' },
  ...{ words: ['a', 'b'], one: { ready: false, domain: null }, tags: [], provenance },
  ...kids([kid('x', true), kid('y', false)]),
}

const outcome = (pass: string, changes: object = {}, errors: GraphAnswer['errors'] = []) =>
  judged(ruleOf({ facts: FACTS, pass, message: 'm' }), { ...thing, ...changes }, errors).outcome

describe('a fact that is not known', () => {
  const missing = { ready: null }
  it.each([
    ['thing.count == 3 || thing.ready', 'PASS'],
    ['thing.ready || thing.count == 3', 'PASS'],
    ['thing.count == 4 && thing.ready', 'FAIL'],
    ['thing.ready && thing.count == 4', 'FAIL'],
    ['thing.count == 4 || thing.ready', 'UNKNOWN'],
    ['!thing.ready', 'UNKNOWN'],
    ['thing.ready == thing.ready', 'UNKNOWN'],
    ['thing.ready != false', 'UNKNOWN'],
    ['thing.ready in [true, false]', 'UNKNOWN'],
    ['thing.ready ? true : true', 'UNKNOWN'],
    ['has(thing.ready)', 'UNKNOWN'],
    ['has(thing.ready) || true', 'PASS'],
  ])('%s: %s', (pass, expected) => {
    expect(outcome(pass, missing)).toBe(expected)
  })
})

describe('a list that is not complete', () => {
  const part = kids([kid('x', true), kid('y', false)], { incomplete: DOWN })
  it.each([
    ['thing.kids.nodes.exists(k, k.ready)', 'PASS'],
    ['thing.kids.nodes.exists(k, k.name == "z")', 'UNKNOWN'],
    ['thing.kids.nodes.all(k, k.ready)', 'FAIL'],
    ['thing.kids.nodes.all(k, k.name != "z")', 'UNKNOWN'],
    ['"x" in thing.kids.nodes.map(k, k.name)', 'PASS'],
    ['"z" in thing.kids.nodes.map(k, k.name)', 'UNKNOWN'],
    ['thing.kids.nodes.filter(k, k.ready).exists(k, k.name == "x")', 'PASS'],
    ['thing.kids.nodes.filter(k, k.ready).all(k, k.name == "x")', 'UNKNOWN'],
    ['size(thing.kids.nodes) == 2', 'UNKNOWN'],
    ['thing.kids.nodes[0].ready', 'UNKNOWN'],
    ['thing.kids.nodes.exists_one(k, k.ready)', 'UNKNOWN'],
    ['thing.kids.nodes.filter(k, k.ready).size() == 1', 'UNKNOWN'],
    ['has(thing.kids.nodes)', 'UNKNOWN'],
    ['thing.kids.total == 2', 'UNKNOWN'],
    ['!thing.kids.nodes.exists(k, k.name == "z")', 'UNKNOWN'],
  ])('%s: %s', (pass, expected) => {
    expect(outcome(pass, part)).toBe(expected)
  })

  it.each<[string, object]>([
    ['since it has more pages', kids([], { pageInfo: { hasNextPage: true } })],
    ['since a source was silent', kids([], { incomplete: DOWN })],
    ['since it is null', { kids: null }],
  ])('%s', (_, changes) => {
    expect(outcome('thing.kids.nodes.all(k, k.ready)', changes)).toBe('UNKNOWN')
  })

  it('since an element is missing', () => {
    expect(outcome('"c" in thing.words', { words: ['a', null] })).toBe('UNKNOWN')
    expect(outcome('"a" in thing.words', { words: ['a', null] })).toBe('PASS')
  })

  it('within an element that decides nothing leaves the others to decide', () => {
    const unclear = kids([kid('x', null), kid('y', true)])
    expect(outcome('thing.kids.nodes.exists(k, k.ready)', unclear)).toBe('PASS')
    expect(outcome('thing.kids.nodes.all(k, k.ready)', unclear)).toBe('UNKNOWN')
  })
})

describe('null', () => {
  it('that means none is an answer to has(), and nothing that can be read', () => {
    expect(outcome('has(thing.domain)')).toBe('FAIL')
    expect(outcome('has(thing.domain)', { domain: 'credit' })).toBe('PASS')
    expect(outcome('thing.domain == "credit"')).toBe('UNKNOWN')
  })

  it('that means none is not known when an error can be why', () => {
    const silent = { message: 'a part of the graph did not answer' }
    expect(outcome('has(thing.domain)', {}, [silent])).toBe('UNKNOWN')
    expect(outcome('has(thing.domain)', {}, [{ ...silent, path: ['nodes', 0, 'domain'] }])).toBe('UNKNOWN')
    expect(outcome('has(thing.domain)', {}, [{ ...silent, path: ['_entities', 0] }])).toBe('UNKNOWN')
    expect(outcome('has(thing.domain)', {}, [{ ...silent, path: ['nodes', 1, 'domain'] }])).toBe('FAIL')
    expect(outcome('has(thing.domain)', {}, [{ ...silent, path: ['nodes', 0, 'name'] }])).toBe('FAIL')
  })

  it('that means none is not known while what tells so is not complete', () => {
    const rule = (pass: string) => ruleOf({ facts: 'name owner', pass, message: 'm' })
    const found = (raw: object) => judged(rule('!has(thing.owner)'), { ...thing, owner: null, ...raw }).outcome
    expect(found({ said: { incomplete: [] } })).toBe('PASS')
    expect(found({ said: { incomplete: DOWN } })).toBe('UNKNOWN')
    expect(found({})).toBe('UNKNOWN')
    const told = { ...thing, owner: 'ana', said: { incomplete: DOWN } }
    expect(judged(rule('thing.owner == "ana"'), told).outcome).toBe('PASS')
    expect(judged(rule('!has(thing.owner)'), { ...thing, owner: null, said: { incomplete: DOWN } }).incomplete).toEqual(
      DOWN,
    )
  })

  it('is asked for with what takes it back, whatever else a rule reads of that', () => {
    const { asked } = ruleOf({ facts: 'name owner said { words }', pass: 'has(thing.owner)', message: 'm' }).shape
    expect(print(asked).replaceAll(/\s+/g, ' ')).toContain('said { incomplete { source reason message count } }')
  })

  it('is missing for what an error below it took away', () => {
    const errors = [{ message: 'gone', path: ['nodes', 0, 'one', 'ready'] }]
    const rule = ruleOf({ facts: FACTS, pass: 'thing.one.ready', message: 'm' })
    const { outcome: found, incomplete } = judged(rule, { ...thing, one: null }, errors)
    expect(found).toBe('UNKNOWN')
    expect(incomplete).toMatchObject([{ reason: 'DOWN', message: 'gone' }])
  })

  it('beside a list of what is missing is one of them', () => {
    const rule = ruleOf({ facts: FACTS, pass: 'thing.kids.total == 2', message: 'm' })
    expect(judged(rule, { ...thing, ...kids([], { total: null, incomplete: DOWN }) }).incomplete).toEqual(DOWN)
  })
})

describe('an enum that says UNKNOWN', () => {
  it('is not known', () => {
    expect(outcome('thing.color == "RED"', { color: 'UNKNOWN' })).toBe('UNKNOWN')
    expect(outcome('thing.color != "RED"', { color: 'UNKNOWN' })).toBe('UNKNOWN')
    expect(outcome('thing.color == "RED"')).toBe('PASS')
  })
})

describe('the outcome', () => {
  it('is NOT_APPLICABLE where `when` is false, and UNKNOWN where it cannot be told', () => {
    const rule = ruleOf({
      facts: FACTS,
      when: 'has(thing.domain) && thing.ready',
      pass: 'thing.count == 3',
      message: 'm',
    })
    expect(judged(rule, thing).outcome).toBe('NOT_APPLICABLE')
    expect(judged(rule, { ...thing, domain: 'd' }).outcome).toBe('PASS')
    expect(judged(rule, { ...thing, domain: 'd', ready: null }).outcome).toBe('UNKNOWN')
  })

  it('is UNKNOWN where the rule says that it cannot be told', () => {
    const rule = ruleOf({
      facts: FACTS,
      unknown: 'thing.color == "GREEN"',
      pass: 'true',
      message: 'It is {{ thing.color }}.',
    })
    expect(judged(rule, { ...thing, color: 'GREEN' })).toMatchObject({ outcome: 'UNKNOWN', message: 'It is GREEN.' })
    expect(judged(rule, thing).outcome).toBe('PASS')
  })

  it('is NOT_APPLICABLE where no source of the kind is configured, and UNKNOWN as soon as another one is silent', () => {
    const none = [{ source: null, reason: 'NOT_CONFIGURED', message: 'No server is configured.', count: null }]
    expect(outcome('thing.kids.nodes.all(k, k.ready)', kids([], { incomplete: none }))).toBe('NOT_APPLICABLE')
    expect(outcome('thing.kids.nodes.all(k, k.ready)', kids([], { incomplete: [...none, ...DOWN] }))).toBe('UNKNOWN')
  })

  it('of a rule that fails by itself is UNKNOWN, and says so', () => {
    const { outcome: found, message } = judged(
      ruleOf({ facts: FACTS, pass: '1 / (thing.count - 3) > 0', message: 'm' }),
      thing,
    )
    expect(found).toBe('UNKNOWN')
    expect(message).toContain('The rule a-rule cannot judge this')
  })

  it('of a rule that works too much is UNKNOWN, soon', () => {
    const many = kids(Array.from({ length: 500 }, (_, i) => kid(`k${i}`, true)))
    const pass =
      'thing.kids.nodes.all(a, thing.kids.nodes.all(b, thing.kids.nodes.all(c, a.name == a.name && b.name == b.name && c.name == c.name)))'
    const start = performance.now()
    expect(outcome(pass, many)).toBe('UNKNOWN')
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('evidence', () => {
  it('is what decided: one side, one element', () => {
    const rule = ruleOf({
      facts: FACTS,
      pass: 'thing.count == 7 || thing.kids.nodes.exists(k, k.name == "y")',
      message: 'm',
    })
    expect(judged(rule, thing)).toMatchObject({
      outcome: 'PASS',
      evidence: [{ path: 'kids.nodes[1].name', value: 'y', source: 'tool', fetchedAt: '2025-12-31T12:00:00Z' }],
      asOf: '2025-12-31T12:00:00Z',
    })
  })

  it('of what is known to be none has the value null', () => {
    const { evidence } = judged(ruleOf({ facts: FACTS, pass: 'has(thing.domain)', message: 'm' }), thing)
    expect(evidence).toMatchObject([{ path: 'domain', value: null }])
  })
})

describe('a message', () => {
  const message = (text: string, changes: object) =>
    judged(ruleOf({ facts: FACTS, pass: 'false', message: text }), { ...thing, ...changes }).message

  it('tells facts in one line of plain text, as far as they are known', () => {
    expect(message('{{ thing.name }} on {{ day(thing.at) }}', { name: 'a\n\u202e\u0007b' })).toBe('a b on 2025-12-01')
    expect(message('{{ thing.name }}', { name: 'x'.repeat(300) })).toHaveLength(200)
    expect(message('ready: {{ thing.ready }}', { ready: null })).toBe('ready: (not known)')
    expect(message('domain: {{ thing.domain }}', {})).toBe('domain: (none)')
    expect(
      message('{{ thing.kids.nodes.map(k, k.name).join(", ") }}', kids([kid('x', true)], { incomplete: DOWN })),
    ).toBe('x')
    expect(message('{{ percent(thing.ratio) }}', {})).toBe('50 %')
  })
})

describe('parameters', () => {
  const more = 'parameters: { max: { default: 5, description: Most. } }'
  const rule = ruleOf({ facts: FACTS, pass: 'thing.count <= parameters.max', message: '{{ parameters.max }}', more })
  const tagged = (value: string) => ({ ...thing, tags: [{ key: 'health.a-rule.max', value }] })

  it('have a default, which the configuration overrides, which a tag overrides', () => {
    expect(judged(rule, thing).outcome).toBe('PASS')
    expect(judged(rule, thing, [], { max: 2 }).outcome).toBe('FAIL')
    expect(judged(rule, tagged('9'), [], { max: 2 }).outcome).toBe('PASS')
  })

  it('are not known where the tags are not, or a tag is no value', () => {
    expect(judged(rule, { ...thing, tags: null }).outcome).toBe('UNKNOWN')
    expect(judged(rule, tagged('many'))).toMatchObject({
      outcome: 'UNKNOWN',
      incomplete: [{ reason: 'BAD_RESPONSE', message: 'Its tag health.a-rule.max is no int.' }],
    })
    expect(judged(rule, tagged('')).outcome).toBe('UNKNOWN')
  })
})
