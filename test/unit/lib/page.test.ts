import { describe, expect, it } from 'vitest'
import { byCodePoint, bySortKeys } from '#lib/order.ts'
import { type Order, pageOf, sorted } from '#lib/page.ts'
import { namesToSurvive } from './names.ts'

interface Item {
  name: string
  time: number | null
}
const byName: Order<Item> = { name: 'NAME', keys: ({ name }) => [name] }
const byTime: Order<Item> = { name: 'TIME', keys: ({ time, name }) => [time === null ? null : -time, name] }
const items = namesToSurvive.map((name, i) => ({ name, time: i % 3 === 0 ? null : i % 4 }))

/** Follows the cursors to the end. */
function walk(list: (after: string | undefined) => readonly Item[], order: Order<Item>, first: number): string[] {
  const names: string[] = []
  let after: string | undefined
  for (;;) {
    const page = pageOf(list(after), order, { first, after }, 500)
    names.push(...page.nodes.map(({ name }) => name))
    if (!page.pageInfo.hasNextPage) return names
    after = page.pageInfo.endCursor ?? undefined
  }
}

describe('a page', () => {
  it.each([byName, byTime])('leads to every item once, in order, by $name', (order) => {
    const all = sorted(items, order)
    expect(walk(() => all, order, 2)).toEqual(all.map(({ name }) => name))
  })

  it('goes on at the right place while items come and go', () => {
    const all = sorted(items, byName)
    const [, second] = pageOf(all, byName, { first: 2 }, 500).edges
    const changed = sorted([...all.slice(2), { name: '  aa', time: 1 }], byName)
    const { nodes, pageInfo } = pageOf(changed, byName, { first: 1, after: second?.cursor }, 500)
    expect(nodes[0]).toBe(all[2])
    expect(pageInfo.hasPreviousPage).toBe(true)
  })

  it('counts all, and knows when it is the last', () => {
    const page = pageOf(sorted(items, byName), byName, { first: 500 }, 500)
    expect(page.totalCount).toBe(items.length)
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
    expect(pageOf([], byName, {}, 500)).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { endCursor: null } })
  })

  it.each([-1, 501])('refuses first: %d and names the maximum', (first) => {
    expect(() => pageOf(items, byName, { first }, 500)).toThrow(/0 to 500 \(gateway\.limits\.pageSize\)/)
  })

  it.each(['', 'nonsense', 'e30', Buffer.from('[1,{}]').toString('base64url')])('refuses the cursor %j', (after) => {
    expect(() => pageOf(items, byName, { after }, 500)).toThrow(/no cursor/)
  })

  it('refuses a cursor of another order instead of answering something arbitrary', () => {
    const { pageInfo } = pageOf(sorted(items, byTime), byTime, { first: 1 }, 500)
    expect(() => pageOf(items, byName, { after: pageInfo.endCursor }, 500)).toThrow(/another order \(TIME\)/)
  })
})

describe('order', () => {
  it('is by code point, whatever the locale and the case', () => {
    const names = ['b', 'a', 'B', '\u{1F680}', '\uFF5E', 'é', 'ab', '']
    expect(names.sort(byCodePoint)).toEqual(['', 'B', 'a', 'ab', 'b', 'é', '\uFF5E', '\u{1F680}'])
  })

  it('puts null last and numbers by size', () => {
    const keys = [[null], [10], [9], [-1]].sort(bySortKeys)
    expect(keys).toEqual([[-1], [9], [10], [null]])
  })
})
