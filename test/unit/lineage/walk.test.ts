import { describe, expect, it } from 'vitest'
import type { GraphAnswer } from '#lib/graph.ts'
import type { LevelDocument } from '#services/lineage/document.ts'
import type { EdgeField } from '#services/lineage/edges.ts'
import { walk } from '#services/lineage/walk.ts'

const field: EdgeField = { type: 'Model', name: 'next', direction: 'DOWNSTREAM', selection: '' }
const document: LevelDocument = {
  text: 'level',
  edges: new Map([['Model', [{ field, key: 'Model_next' }]]]),
  holes: new Map(),
}
const id = (name: string | number) => `Model:s:${name}`

/** A graph in which every thing leads to those named; things that are not named are gone. */
function graphOf(next: Readonly<Record<string, readonly (string | number)[]>>) {
  const asked: string[][] = []
  const ask = async (ids: readonly string[]): Promise<GraphAnswer> => {
    asked.push([...ids])
    const nodes = ids.map((one) => {
      const to = next[one.slice(id('').length)]
      if (!to) return null
      return {
        __typename: 'Model',
        id: one,
        Model_label: one,
        Model_next: to.map((name) => ({ __typename: 'Model', id: id(name) })),
      }
    })
    return { data: { nodes }, errors: [] }
  }
  return { ask, asked }
}
const from = (name: string | number) => [{ id: id(name), type: 'Model' }]
const signal = new AbortController().signal
const bounds = { document, depth: 10, maxNodes: 2_000, signal }

describe('a walk', () => {
  it('ends in a circle, and asks each thing once', async () => {
    const { ask, asked } = graphOf({ a: ['b'], b: ['c', 'a'], c: ['a', 'b'] })
    const { nodes, edges } = await walk({ ...bounds, starts: from('a'), ask })
    expect(nodes.map((node) => [node.id, node.depth])).toEqual([
      [id('a'), 0],
      [id('b'), 1],
      [id('c'), 2],
    ])
    expect(edges.length).toBe(5)
    expect(asked).toEqual([[id('a')], [id('b')], [id('c')]])
  })

  it('over 2,000 things and 5,000 steps asks one question per level and 500 things, and stays within its bound', async () => {
    const all = Array.from({ length: 2_000 }, (_, i) => i)
    const next = Object.fromEntries(
      all.map((i) => [i, [i * 2 + 1, i * 2 + 2, (i * 7919) % 2_000].filter((to) => to < 2_000)]),
    )
    const { ask, asked } = graphOf(next)
    const whole = await walk({ ...bounds, depth: 20, starts: from(0), ask })
    expect(whole.nodes.length).toBe(2_000)
    expect(whole.nodes.some(({ truncated }) => truncated)).toBe(false)
    expect(asked.length).toBeLessThanOrEqual(20)
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(500)

    const few = await walk({ ...bounds, maxNodes: 300, starts: from(0), ask })
    expect(few.nodes.length).toBe(300)
    expect(
      few.edges.every(
        ({ from: a, to: b }) => few.nodes.some((node) => node.id === a) && few.nodes.some((node) => node.id === b),
      ),
    ).toBe(true)
    expect(few.nodes.some(({ truncated, incomplete }) => truncated && incomplete[0]?.reason === 'TRUNCATED')).toBe(true)
  })

  it('keeps what is gone as a thing that is named, and says so there', async () => {
    const { ask } = graphOf({ a: ['gone'] })
    const { nodes } = await walk({ ...bounds, starts: from('a'), ask })
    expect(nodes[1]).toMatchObject({ id: id('gone'), label: 'gone', incomplete: [{ reason: 'UNMATCHED' }] })
  })

  it('shows what it has found when its time is up', async () => {
    const end = new AbortController()
    const { ask } = graphOf({ a: ['b'], b: ['c'], c: [] })
    const impatient = async (ids: readonly string[]) => {
      end.abort()
      return ask(ids)
    }
    const { nodes } = await walk({ ...bounds, starts: from('a'), ask: impatient, signal: end.signal })
    expect(nodes.map(({ truncated }) => truncated)).toEqual([false, true])
    expect(nodes[1]?.incomplete[0]?.message).toContain('time')
  })

  it('that cannot ask a level says so, and shows the levels before', async () => {
    const { ask } = graphOf({ a: ['b'] })
    const failing = async (ids: readonly string[]) =>
      ids.includes(id('b')) ? Promise.reject(new Error('down')) : ask(ids)
    const { nodes, incomplete } = await walk({ ...bounds, starts: from('a'), ask: failing })
    expect(nodes.map(({ label }) => label)).toEqual([id('a'), 'b'])
    expect(incomplete).toMatchObject([{ reason: 'DOWN' }])
  })

  it('puts the failure of one thing at that thing', async () => {
    const { ask } = graphOf({ a: ['b'], b: [] })
    const failing = async (ids: readonly string[]): Promise<GraphAnswer> => {
      const answer = await ask(ids)
      const errors = [
        { message: 'down', path: ['nodes', 0, 'Model_next'], extensions: { source: 's', reason: 'DOWN' } },
      ]
      return ids.includes(id('b')) ? { ...answer, errors } : answer
    }
    const { nodes } = await walk({ ...bounds, starts: from('a'), ask: failing })
    expect(nodes.map(({ incomplete }) => incomplete)).toEqual([
      [],
      [{ source: 's', reason: 'DOWN', message: 'down', count: null }],
    ])
  })
})
