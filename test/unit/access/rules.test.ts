import { describe, expect, it } from 'vitest'
import { createAccess, type Guarded } from '#lib/access.ts'
import { load, withSource } from '../config/sample.ts'

/** The rules as they are written. */
const accessOf = (rules: string) => createAccess(load(withSource(`access: ${rules}`)).access)
const caller = (...roles: string[]) => ({ subject: 'someone', roles, scopes: [] })

const credit: Guarded = {
  source: 'mlflow-prod',
  domain: 'credit',
  owners: ['Risk models', 'Treasury'],
  tags: [
    { key: 'tier', value: '1' },
    { key: 'audited', value: null },
  ],
}
const bare: Guarded = { source: 'mlflow-prod' }

describe('without rules', () => {
  it('everybody sees everything', () => {
    const { visible } = createAccess(undefined)
    expect([visible(caller(), credit), visible(caller('reader'), bare)]).toEqual([true, true])
  })
})

describe('with rules', () => {
  it.each(['[]', '[{ roles: [risk], see: all }]'])(
    'a role in none of %s sees nothing, and admin everything',
    (rules) => {
      const { visible } = accessOf(rules)
      expect([visible(caller(), credit), visible(caller('reader'), credit)]).toEqual([false, false])
      expect(visible(caller('reader', 'admin'), credit)).toBe(true)
    },
  )

  it.each<[see: string, credit: boolean, bare: boolean]>([
    ['all', true, true],
    ['{ sources: [mlflow-prod] }', true, true],
    ['{ domains: [credit] }', true, false],
    ['{ domains: [marketing, credit] }', true, false],
    ['{ domains: [marketing] }', false, false],
    ['{ owners: [Treasury] }', true, false],
    ['{ owners: [treasury] }', false, false],
    ['{ tags: [{ key: tier }] }', true, false],
    ['{ tags: [{ key: tier, value: 1 }] }', true, false],
    ['{ tags: [{ key: tier, value: 2 }] }', false, false],
    ['{ tags: [{ key: audited }] }', true, false],
    ['{ tags: [{ key: tier, value: 2 }, { key: audited }] }', true, false],
    ['{ sources: [mlflow-prod], domains: [credit], owners: [Risk models], tags: [{ key: tier }] }', true, false],
    ['{ sources: [mlflow-prod], domains: [marketing] }', false, false],
  ])('"see: %s" shows what all of it holds for', (see, seesCredit, seesBare) => {
    const { visible } = accessOf(`[{ roles: [reader], see: ${see} }]`)
    expect([visible(caller('reader'), credit), visible(caller('reader'), bare)]).toEqual([seesCredit, seesBare])
  })

  it('several roles see what any of them sees, by one rule at a time', () => {
    const { visible } = accessOf(
      '[{ roles: [a], see: { domains: [credit], owners: [Nobody] } }, { roles: [b, c], see: { owners: [Treasury], domains: [sales] } }, { roles: [c], see: { tags: [{ key: tier }] } }]',
    )
    expect(visible(caller('a', 'b'), credit)).toBe(false)
    expect(visible(caller('a', 'c'), credit)).toBe(true)
  })

  it('callers to whom the same rules apply share a scope, others do not', () => {
    const { scopeOf } = accessOf('[{ roles: [a, b], see: { domains: [x] } }, { roles: [c], see: { domains: [y] } }]')
    expect(scopeOf(caller('a'))).toBe(scopeOf(caller('other', 'b')))
    expect(scopeOf(caller('a'))).not.toBe(scopeOf(caller('a', 'c')))
  })

  it('what is hidden is counted by source', () => {
    const { visibleOf } = accessOf('[{ roles: [reader], see: { domains: [credit] } }]')
    const { seen, incomplete } = visibleOf(caller('reader'), [bare, credit, bare, { source: 'other' }])
    expect(seen).toEqual([credit])
    expect(incomplete).toMatchObject([
      { source: 'mlflow-prod', reason: 'FORBIDDEN', count: 2 },
      { source: 'other', reason: 'FORBIDDEN', count: 1 },
    ])
    expect(visibleOf(caller('reader'), [credit]).incomplete).toEqual([])
  })
})
