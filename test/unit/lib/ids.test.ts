import { describe, expect, it } from 'vitest'
import { canonicalId, makeId, parseId } from '#lib/ids.ts'
import { namesToSurvive } from './names.ts'

describe('ids', () => {
  it.each(namesToSurvive)('keep the name %j', (name) => {
    const id = makeId('ModelVersion', 'mlflow-prod', name, '3')
    expect(parseId(id)).toEqual({ type: 'ModelVersion', parts: ['mlflow-prod', name, '3'] })
    expect(id).toMatch(/^[\w:.%~-]+$/)
  })

  it('are different for names that look alike', () => {
    const alike = ['Ledger', 'ledger', 'ledger ', 'é'.normalize('NFC'), 'é'.normalize('NFD'), 'a/b', 'a%2Fb', 'a:b']
    expect(new Set(alike.map((name) => makeId('Model', 's', name))).size).toBe(alike.length)
  })

  it.each([
    ['nothing', ''],
    ['a name alone', 'fraud'],
    ['an unknown type', 'Customer:s:x'],
    ['a type of every object', 'constructor:s:x'],
    ['too few parts', 'Model:s'],
    ['too many parts', 'Model:s:a:b'],
    ['a part that is not encoded', 'Model:s:a b'],
    ['a part that is encoded otherwise', 'Model:s:%61'],
    ['a small percent escape', 'Model:s:a%2fb'],
    ['a broken percent escape', 'Model:s:100%'],
    ['blanks around it', ' Model:s:a'],
  ])('refuse %s', (_, id) => {
    expect(parseId(id)).toBeUndefined()
  })

  it('of a source that was renamed are read as ids of the source it is now', () => {
    const renamed = new Map([['old', 'new']])
    expect(canonicalId('Model', 'Model:old:a', renamed)).toBe('Model:new:a')
    expect(canonicalId('Dataset', 'Dataset:old:a', renamed)).toBe('Dataset:old:a')
    expect(canonicalId('Model', 'Dataset:old:a', renamed)).toBeUndefined()
  })

  it('survive half a surrogate pair, which no URL can hold', () => {
    expect(makeId('Model', 's', '\ud800')).toBe('Model:s:%EF%BF%BD')
  })
})
