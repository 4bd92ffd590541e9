import { describe, expect, it } from 'vitest'
import { retryAfterSeconds } from '#lib/upstream/retry-after.ts'

const now = Date.UTC(2026, 0, 5, 12, 0, 0)

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120],
    ['no time at all', '0', 0],
    ['a date', 'Mon, 05 Jan 2026 12:00:30 GMT', 30],
    ['a date that has passed', 'Mon, 05 Jan 2026 11:00:00 GMT', 0],
    ['more seconds than a day has', '99999999999999999999', 86_400],
    ['a date far away', 'Fri, 31 Dec 9999 23:59:59 GMT', 86_400],
  ])('is understood as %s', (_, value, seconds) => {
    expect(retryAfterSeconds(value, now)).toBe(seconds)
  })

  it.each([undefined, '', 'soon', '-1', '1.5', '1e3', '2026-01-05', 'never GMT'])('is ignored as %j', (value) => {
    expect(retryAfterSeconds(value, now)).toBeUndefined()
  })
})
