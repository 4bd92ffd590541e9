import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAccess } from '#lib/access.ts'
import type { Caller } from '#lib/caller.ts'
import type { Finding } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { type KeptList, listKeptFindings } from '#lib/rules/finding-list.ts'
import { createSweep } from '#lib/rules/sweep.ts'

const log = pino({ level: 'silent' })
const caller = (...roles: string[]): Caller => ({ subject: roles.join(), roles, scopes: [] })
const signal = new AbortController().signal
const contextOf = (who: Caller, more: Partial<RequestContext> = {}): RequestContext => ({
  ...{ requestId: 'test', caller: who, signal, log, ...more },
})
const partOf = (subject: string) => ({
  findings: [{ subject, outcome: 'FAIL', severity: 'WARNING', rule: { id: 'r' } } as Finding],
  incomplete: [],
})

/** So many models, judged at once, and what was judged of them when. */
function setting(count: number, { sound = true } = {}) {
  const access = createAccess([
    { roles: ['a'], see: { sources: ['a'] } },
    { roles: ['b'], see: { sources: ['b'] } },
  ])
  const kept = new Map<string, { result: ReturnType<typeof partOf>; at: number }>()
  const judged: string[] = []
  const lists: string[] = []
  const key = (id: string, { roles }: Caller) => `${roles.join()} ${id}`
  const judge: KeptList['of'] = async (id, { caller: who }) => {
    judged.push(id)
    const result = partOf(id)
    kept.set(key(id, who), { result, at: Date.now() })
    return result
  }
  const listOf = (field: KeptList['field']): KeptList => ({
    ...{ field, of: judge, anew: judge },
    kept(id, who) {
      const found = kept.get(key(id, who))
      return found && { result: found.result, sound, ageSeconds: (Date.now() - found.at) / 1_000 }
    },
  })
  const all = [listOf('models'), listOf('endpoints')]
  const graph: GraphPort = {
    async query(document, { after }, context) {
      lists.push(context.caller.subject)
      const field = document.includes('models(') ? 'models' : 'endpoints'
      const from = Number(after ?? 0)
      const things = field === 'models' ? Array.from({ length: count }, (_, i) => ({ id: `m${i}` })) : []
      const hasNextPage = from + 500 < things.length
      const pageInfo = { hasNextPage, endCursor: hasNextPage ? String(from + 500) : null }
      return { data: { [field]: { nodes: things.slice(from, from + 500), pageInfo, incomplete: [] } }, errors: [] }
    },
  }
  const freshSeconds = 30
  const sweep = createSweep({ lists: all, graph, access, freshSeconds, pageSize: 500, log })
  const list = (who: Caller, more: Partial<RequestContext> = {}) =>
    listKeptFindings({ lists: all, sweep, freshSeconds }, graph, {}, 500, contextOf(who, more))
  return { sweep, judged, lists, list }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('findings over everything', () => {
  it('are judged again in the background, for whoever asked lately, and the next question judges nothing', async () => {
    const { sweep, judged, list } = setting(250)
    expect((await list(caller('a'))).totalCount).toBe(250)
    expect(judged.length).toBe(250)
    // Half of the time that they count as fresh: judged in the background before they are old.
    await vi.advanceTimersByTimeAsync(31_000)
    expect(judged.length).toBe(500)
    await list(caller('a'))
    expect(judged.length).toBe(500)
    await sweep.close()
  })

  it('are judged within the query up to a bound, and the rest is told until the background has judged it', async () => {
    const { sweep, judged, list } = setting(2_600)
    const first = await list(caller('a'))
    expect(first.totalCount).toBe(1_000)
    expect(first.incomplete).toMatchObject([{ reason: 'TIMEOUT', count: 1_600 }])
    await vi.advanceTimersByTimeAsync(1_100)
    expect(judged.length).toBe(2_600)
    const second = await list(caller('a'))
    expect(second).toMatchObject({ totalCount: 2_600, incomplete: [] })
    await sweep.close()
  })

  it('that an outage has a part in are judged again in the query, and shown as they are beyond its bound', async () => {
    const { sweep, judged, list } = setting(1_500, { sound: false })
    await list(caller('a'))
    await vi.advanceTimersByTimeAsync(1_100)
    const before = judged.length
    const { totalCount, incomplete } = await list(caller('a'))
    expect(judged.length - before).toBe(1_000)
    expect([totalCount, incomplete]).toEqual([1_500, []])
    await sweep.close()
  })

  it('are as new as the client wants them', async () => {
    const { sweep, judged, list } = setting(10)
    await list(caller('a'))
    await vi.advanceTimersByTimeAsync(5_000)
    await list(caller('a'), { maxAgeSeconds: 2 })
    expect(judged.length).toBe(20)
    await sweep.close()
  })
})

describe('the sweep', () => {
  it('keeps apart who sees what', async () => {
    const { sweep, judged, lists, list } = setting(10)
    await list(caller('a'))
    await list(caller('b'))
    expect(judged.length).toBe(20)
    lists.length = 0
    await vi.advanceTimersByTimeAsync(1_100)
    expect(new Set(lists)).toEqual(new Set(['a', 'b']))
    await sweep.close()
  })

  it('ends when nobody has asked for a quarter of an hour', async () => {
    const { sweep, judged, list } = setting(10)
    await list(caller('a'))
    await vi.advanceTimersByTimeAsync(16 * 60_000)
    expect(sweep.isWarm(caller('a'))).toBe(false)
    const { length } = judged
    expect(length).toBeGreaterThan(100)
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(judged.length).toBe(length)
    expect(vi.getTimerCount()).toBe(0)
    await list(caller('a'))
    expect(sweep.isWarm(caller('a'))).toBe(true)
    await sweep.close()
  })

  it('is for sixteen groups of callers at most, those who asked last', async () => {
    const access = createAccess(
      Array.from({ length: 20 }, (_, i) => ({ roles: [`r${i}`], see: { sources: [`s${i}`] } })),
    )
    const { query } = { query: async () => ({ data: null, errors: [] }) }
    const sweep = createSweep({ lists: [], graph: { query }, access, freshSeconds: 30, pageSize: 500, log })
    for (let i = 0; i < 20; i++) sweep.asked(caller(`r${i}`))
    expect(Array.from({ length: 20 }, (_, i) => sweep.isWarm(caller(`r${i}`))).indexOf(true)).toBe(4)
    await sweep.close()
  })

  it('stops when it is closed, also in the middle of a round, and begins no more', async () => {
    const { sweep, judged, list } = setting(2_600)
    await list(caller('a'))
    const closed = sweep.close()
    await vi.advanceTimersByTimeAsync(1_100)
    await closed
    expect(judged.length).toBe(1_000)
    expect(vi.getTimerCount()).toBe(0)
    await list(caller('a'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})
