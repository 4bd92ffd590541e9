import { describe, expect, it } from 'vitest'
import { soleWindows, type Window, within } from '#lib/pipeline-window.ts'

const own = { start: 10, end: 20 }

describe('when a CI run was the only one under way', () => {
  it.each<[string, Window[], Window[]]>([
    ['always, when there is no other', [], [own]],
    [
      'always, when the others were before and after',
      [
        { start: 1, end: 9 },
        { start: 21, end: null },
      ],
      [own],
    ],
    ['never, when another lasted longer', [{ start: 1, end: null }], []],
    ['after another ended', [{ start: 1, end: 14 }], [{ start: 15, end: 20 }]],
    ['before another began', [{ start: 15, end: null }], [{ start: 10, end: 14 }]],
    [
      'before and after another',
      [{ start: 12, end: 14 }],
      [
        { start: 10, end: 11 },
        { start: 15, end: 20 },
      ],
    ],
    [
      'between two others',
      [
        { start: 1, end: 12 },
        { start: 18, end: null },
      ],
      [{ start: 13, end: 17 }],
    ],
  ])('%s', (_, others, expected) => {
    expect(soleWindows(own, others)).toEqual(expected)
  })

  it('goes on while it goes on', () => {
    expect(soleWindows({ start: 10, end: null }, [{ start: 1, end: 12 }])).toEqual([{ start: 13, end: null }])
    expect(within(99, [{ start: 13, end: null }])).toBe(true)
    expect(within(12, [{ start: 13, end: null }])).toBe(false)
    expect(within(20, [own])).toBe(true)
    expect(within(21, [own])).toBe(false)
  })
})
