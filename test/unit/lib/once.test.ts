import { expect, it, vi } from 'vitest'
import { once } from '#lib/once.ts'

it('makes a thing when it is first asked for, and only then', () => {
  const make = vi.fn(() => undefined)
  const thing = once(make)
  expect(make).not.toHaveBeenCalled()
  expect([thing(), thing()]).toEqual([undefined, undefined])
  expect(make).toHaveBeenCalledTimes(1)
})

it('tries again what failed', () => {
  const make = vi
    .fn(() => 1)
    .mockImplementationOnce(() => {
      throw new Error('not yet')
    })
  const thing = once(make)
  expect(thing).toThrow('not yet')
  expect(thing()).toBe(1)
})
