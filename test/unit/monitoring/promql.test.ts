import { describe, expect, it } from 'vitest'
import { parse } from '#demo/prometheus/parse.ts'
import { expressions } from '#services/monitoring/prometheus/expressions.ts'
import { presetNames, presets } from '#services/monitoring/prometheus/presets.ts'
import { matchers, oneOf, quoted, together } from '#services/monitoring/prometheus/promql.ts'
import { namesToSurvive } from '../lib/names.ts'

describe('names in PromQL', () => {
  it.each([
    ['a"b', '"a\\"b"'],
    ['a\\b', '"a\\\\b"'],
    ['a\nb\rc', '"a\\nb\\rc"'],
    ['\ud800', '"\ufffd"'],
  ])('%j is the string %s', (text, written) => {
    expect(quoted(text)).toBe(written)
  })

  it.each(namesToSurvive)('%j matches itself only', (name) => {
    const pattern = new RegExp(`^(?:${oneOf([name, 'other'])})$`, 's')
    expect(pattern.test(name)).toBe(true)
    for (const wrong of [`${name}x`, `x${name}`, 'xother']) expect([wrong, pattern.test(wrong)]).toEqual([wrong, false])
  })

  it.each(namesToSurvive)('%j stays within its string', (name) => {
    const parsed = parse(`up{a=${quoted(name)},b=~${quoted(oneOf([name]))}}`)
    expect(parsed).toMatchObject({
      matchers: [{}, { label: 'a', value: name.toWellFormed() }, { value: oneOf([name]) }],
    })
  })

  it('a selector wants every label', () => {
    expect(matchers({ job: 'triton', zone: 'a"b' })).toBe('job="triton",zone="a\\"b"')
  })
})

describe('the queries of presets', () => {
  it.each(presetNames)('of %s are PromQL, of the endpoint that the labels mark alone', (name) => {
    const wanted = { selector: { job: 'x' }, metrics: presets[name], windowSeconds: 300, matcher: ',m="y"' }
    const query = together(expressions(wanted))
    expect(() => parse(query)).not.toThrow()
    const selectors = query.match(/\{[^}]*\}/g) ?? []
    expect(selectors.length).toBeGreaterThan(2)
    for (const selector of selectors) expect(selector).toMatch(/^\{job="x"/)
  })
})
