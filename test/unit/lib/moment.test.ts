import { describe, expect, it } from 'vitest'
import { momentOf } from '#lib/moment.ts'
import { checkFuture } from '#services/governance/recorded/inputs.ts'

describe('a moment', () => {
  it.each([
    ['2026-03-29T02:30:00+01:00', '2026-03-29T01:30:00.000Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['2026-11-24T09:30-05:30', '2026-11-24T15:00:00.000Z'],
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ])('%s is one for every reader', (text, expected) => {
    expect(new Date(momentOf('at', text)).toISOString()).toBe(expected)
  })

  it.each([
    '2026-11-24T09:30:00', // of the zone of whichever machine is asked
    '2026-02-30T00:00:00Z', // Date takes it for 2 March
    '2025-02-29',
    '2026-11-24T25:00:00Z',
    'Thu Jan 01 2027 00:00:00 Z',
    '+275760-09-13T00:00:00Z',
    '1767225600000',
    '',
  ])('%s is none', (text) => {
    expect(() => momentOf('at', text)).toThrow('at: expected a moment')
  })

  it('that is now is no future any more', () => {
    expect(() => checkFuture('expiresAt', new Date().toISOString())).toThrow('is over')
    expect(() => checkFuture('expiresAt', new Date(Date.now() + 60_000).toISOString())).not.toThrow()
  })
})
