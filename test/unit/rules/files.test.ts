import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultConfig } from '#lib/config/load.ts'
import { tryRule } from '#lib/rules/try.ts'
import { loadHealthRules } from '#services/health/load-rules.ts'
import { load } from './graph.ts'

const config = (...rules: string[]) => ({ ...defaultConfig(), health: { rules, parameters: [] } })

describe('the rules that ship', () => {
  it.each(loadHealthRules(config()).map((one) => [one.rule.id, one] as const))('%s passes its tests', (_, one) => {
    expect(tryRule(one.rule, one.file)).toEqual([])
  })

  it('judge readiness of each type, without which nothing is well', () => {
    const types = loadHealthRules(config()).flatMap(({ rule }) => (rule.readiness ? [rule.on] : []))
    expect(types.sort()).toEqual(['Endpoint', 'Model'])
  })
})

describe('rules of the configuration', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const rule = (id: string, facts = 'name') =>
    [
      ...[`id: ${id}`, 'title: It has a name', 'description: A rule.', 'kind: health', 'on: Model', 'severity: INFO'],
      ...[`facts: "fragment facts on Model { ${facts} }"`, 'pass: model.name != ""', 'message: No name.', 'tests: []'],
    ].join('\n')

  it('are those of a folder, beside those that ship', async () => {
    await writeFile(join(folder, 'one.yaml'), rule('named'))
    await writeFile(join(folder, 'notes.txt'), 'not a rule')
    const ids = loadHealthRules(config(folder)).map((one) => one.rule.id)
    expect(ids).toContain('named')
    expect(ids).toContain('model-age')
  })

  it('are refused with all that is wrong with any of them, and where', async () => {
    await writeFile(join(folder, 'a.yaml'), rule('model-age'))
    await writeFile(join(folder, 'b.yaml'), rule('b', 'name health { status }'))
    await writeFile(join(folder, 'c.yaml'), rule('c', 'name weather'))
    const refusal = () => loadHealthRules(config(folder))
    expect(refusal).toThrow(/a\.yaml:1:1: id: found model-age, which .*model-age\.yaml has/)
    expect(refusal).toThrow(/b\.yaml:7:40: facts: Model\.health leads to Health/)
    expect(refusal).toThrow(/c\.yaml:7:40: facts: Cannot query field "weather" on type "Model"/)
  })

  it('that are not there stop the start, in words', () => {
    expect(() => loadHealthRules(config(join(folder, 'none')))).toThrow(/cannot be read \(ENOENT\)/)
  })
})

describe('the tests within a rule', () => {
  const PASSES = '{ name: right, given: { name: x, ready: true, domain: d }, outcome: PASS }'
  const FAILS = '{ name: wrong, given: { name: x, ready: false, domain: null }, outcome: FAIL }'
  const UNTOLD = '{ name: silent, given: { name: x, ready: true, domain: null }, missing: [ready], outcome: UNKNOWN }'
  const tried = (tests: string[], pass = 'thing.ready') => {
    const loaded = load({ facts: 'name ready domain', pass, tests })
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
    return tryRule(loaded.rule, loaded.file)
  }

  it('pass when the outcomes are as they say', () => {
    expect(tried([PASSES, FAILS, UNTOLD])).toEqual([])
  })

  it.each<[string, string[], string]>([
    ['an outcome that no test shows', [PASSES, FAILS], 'no test has the outcome UNKNOWN'],
    ['another outcome', [PASSES.replace('PASS', 'FAIL'), FAILS, UNTOLD], '"right": found PASS, expected FAIL'],
    ['a fact too many', [PASSES.replace('name: x', 'name: x, more: 1'), FAILS, UNTOLD], 'more is not among the facts'],
    ['a fact too few', [PASSES.replace(', domain: d', ''), FAILS, UNTOLD], 'domain is missing'],
  ])('tell %s', (_, tests, message) => {
    expect(tried(tests).join('\n')).toContain(message)
  })
})
