import { describe, expect, it } from 'vitest'
import { defaultConfig } from '#lib/config/load.ts'
import { ownersOf } from '#services/models/claims.ts'

const model = (tags: Record<string, string>) => ({
  record: { description: null, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  claims: [],
})
const config = defaultConfig()
const logins = { identityProvider: [], mlflow: ['risk-training'], git: [], forge: [] }
const people = [{ id: 'risk', name: 'Risk models', kind: 'team' as const, logins }]

describe('the owners of a model', () => {
  it('are null where no configured tag is set, or one is empty', () => {
    expect(ownersOf(model({ note: 'x', owner: '' }), config)).toBeNull()
  })

  it('carry the tag they come from', () => {
    expect(ownersOf(model({ owner: 'risk', team: 'scoring' }), config)).toEqual([
      { name: 'risk', kind: 'UNKNOWN', evidence: 'tag owner = risk', active: null },
      { name: 'scoring', kind: 'TEAM', evidence: 'tag team = scoring', active: null },
    ])
  })

  it('are called as the configuration calls them, once', () => {
    expect(ownersOf(model({ owner: 'risk-training', team: 'risk' }), { ...config, people })).toEqual([
      { name: 'Risk models', kind: 'TEAM', evidence: 'tag team = risk', active: null },
    ])
  })

  it('come from the first configured tag that is set', () => {
    const tags = { ...config.tags, owner: ['steward', 'owner'] }
    expect(ownersOf(model({ owner: 'b', steward: 'a' }), { ...config, tags })?.map(({ name }) => name)).toEqual(['a'])
  })
})
