import { describe, expect, it } from 'vitest'
import { linesOf, load, withSource } from '../config/sample.ts'

const rule = (see: string) => withSource(`access:\n  - roles: [risk]\n    see: ${see}\n`)

describe('the section access', () => {
  it('is not there by default, which is not the same as empty', () => {
    expect(load(withSource('')).access).toBeUndefined()
    expect(load(withSource('access: []')).access).toEqual([])
  })

  it('takes all, or conditions', () => {
    expect(load(rule('all')).access).toEqual([{ roles: ['risk'], see: 'all' }])
    expect(load(rule('{ sources: [mlflow-prod], tags: [{ key: tier, value: 1 }] }')).access).toEqual([
      { roles: ['risk'], see: { sources: ['mlflow-prod'], tags: [{ key: 'tier', value: '1' }] } },
    ])
  })

  it.each<[what: string, text: string, lines: string[]]>([
    [
      'a word that is none',
      rule('everything'),
      ['7:10: access[0].see: found "everything", expected all, or a map of what must hold'],
    ],
    ['nothing', rule(''), ['7:10: access[0].see: found nothing, expected all, or a map of what must hold']],
    [
      'a map without a condition, which could be taken for everything',
      rule('{}'),
      [
        '7:10: access[0].see: found a map, expected at least one of: sources, domains, owners, tags. Who may see everything has "see: all"',
      ],
    ],
    [
      'a condition that is none',
      rule('{ domain: [credit] }'),
      [
        '7:10: access[0].see: found a map, expected at least one of: sources, domains, owners, tags. Who may see everything has "see: all"',
        '7:12: access[0].see: unknown key "domain", expected one of: sources, domains, owners, tags. Did you mean "domains"?',
      ],
    ],
    [
      'a condition that nothing can meet',
      rule('{ domains: [] }'),
      ['7:21: access[0].see.domains: found an empty list, expected a list of at least 1'],
    ],
    [
      'a source that is not configured',
      rule('{ sources: [mlflow-prd] }'),
      [
        '7:22: access[0].see.sources[0]: found "mlflow-prd", expected the id of a source: mlflow-prod. Did you mean "mlflow-prod"?',
      ],
    ],
    [
      'a tag without a name',
      rule('{ tags: [{ value: 1 }] }'),
      ['7:19: access[0].see.tags[0].key: missing, expected text'],
    ],
    [
      'a rule for nobody',
      withSource('access: [{ roles: [], see: all }]'),
      ['5:19: access[0].roles: found an empty list, expected a list of at least 1'],
    ],
  ])('tells %s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })
})
