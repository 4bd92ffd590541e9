import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Entry } from '#lib/state/port.ts'
import type { OpenableState } from '#lib/state/state.ts'
import { observed } from './observed.ts'
import { places, type StatePlace } from './places.ts'

describe.each(places)('%s', (_, createPlace) => {
  let place: StatePlace
  let state: OpenableState
  beforeEach(async () => {
    place = await createPlace()
    state = place.open()
  })
  afterEach(async () => {
    await state.close()
    await place.close()
  })

  test('what is appended is there, in order, chained, and for another instance too', async () => {
    expect(await state.head()).toEqual({ sequence: 0, hash: null })
    const at = new Date('2026-01-02T03:04:05.678Z')
    const expiresAt = new Date('2027-01-01T00:00:00Z')
    const [first] = await state.append([
      { kind: 'waiver', subject: 'Model:a:1', actor: 'ann', content: { reason: 'so' }, at, expiresAt },
    ])
    const [second] = await state.append([
      { kind: 'waiver-revoked', actor: 'bob', content: {}, refersTo: (first as Entry).id },
    ])
    expect(first).toMatchObject({ sequence: 1, at, expiresAt, previousHash: null, content: { reason: 'so' } })
    expect(second).toMatchObject({ sequence: 2, previousHash: first?.hash, refersTo: first?.id })
    expect(second).not.toHaveProperty('subject')
    expect(await state.head()).toEqual({ sequence: 2, hash: second?.hash })

    const other = place.open()
    expect((await other.read({}, { first: 10 })).entries).toEqual([first, second])
    expect(await other.count({})).toBe(2)
    await other.close()
  })

  test('filters hold together, and pages go on where they ended, either way', async () => {
    await state.append(Array.from({ length: 20 }, (_, n) => observed(n)))
    const filter = { kinds: ['observation'], subjects: ['Model:a:1', 'Model:a:2'] } as const
    const oldest = await state.read(filter, { first: 2 })
    expect(oldest).toMatchObject({ hasMore: true, entries: [{ sequence: 2 }, { sequence: 3 }] })
    const rest = await state.read(filter, { first: 10, after: 3 })
    expect(rest.entries.map(({ sequence }) => sequence)).toEqual([9, 10, 16, 17])
    expect(rest.hasMore).toBe(false)
    const newest = await state.read(filter, { first: 2, newestFirst: true, after: 16 })
    expect(newest).toMatchObject({ hasMore: true, entries: [{ sequence: 10 }, { sequence: 9 }] })
    expect(await state.count({ actor: 'nobody' })).toBe(0)
    expect(await state.count({ subjects: [] })).toBe(0)
  })

  test('times bound what is read: since counts itself in, until and expiringBefore do not', async () => {
    const day = (n: number) => new Date(Date.UTC(2026, 0, n))
    await state.append([1, 2, 3].map((n) => ({ ...observed(n), at: day(n), ...(n > 1 && { expiresAt: day(n + 10) }) })))
    const found = async (filter: object) =>
      (await state.read(filter, { first: 9 })).entries.map(({ sequence }) => sequence)
    expect(await found({ since: day(2) })).toEqual([2, 3])
    expect(await found({ until: day(2) })).toEqual([1])
    expect(await found({ expiringBefore: day(13) })).toEqual([2])
  })

  test('a repeated key gives the first entry, and is refused with something else', async () => {
    const asked = { ...observed(1), fingerprint: 'abc' }
    const [first] = await state.append([asked])
    const [again, once, twice] = await state.append([{ ...asked, content: { other: 1 } }, observed(2), observed(2)])
    expect(again).toEqual(first)
    expect(twice).toEqual(once)
    expect(await state.count({})).toBe(2)
    await expect(state.append([observed(3), { ...asked, fingerprint: 'xyz' }])).rejects.toMatchObject({
      code: 'KEY_REUSED',
    })
    expect(await state.count({})).toBe(2)
  })

  test('what is decided under the lock is decided once, whoever else comes at the same time', async () => {
    const other = place.open()
    const once = (instance: OpenableState, actor: string) =>
      instance.appendDecided(async (reader) => {
        if ((await reader.count({ kinds: ['waiver-revoked'] })) > 0) throw new RangeError('is revoked')
        return [{ kind: 'waiver-revoked', actor, content: {} }]
      })
    const outcomes = await Promise.allSettled([once(state, 'a'), once(other, 'b'), once(state, 'c'), once(other, 'd')])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RangeError)
    }
    expect(await state.count({})).toBe(1)
    await other.close()
  })

  test('instances that write at once make one chain', async () => {
    const instances = [state, place.open(), place.open()]
    await Promise.all(
      instances.flatMap((instance, i) =>
        Array.from({ length: 20 }, (_, n) => instance.append([observed(i * 100 + n), observed(i * 100 + n + 50)])),
      ),
    )
    let previous: Entry | undefined
    for await (const entry of state.walk({})) {
      expect(entry.previousHash).toBe(previous?.hash ?? null)
      expect(entry.sequence).toBe((previous?.sequence ?? 0) + 1)
      previous = entry
    }
    expect(previous?.sequence).toBe(120)
    await Promise.all(instances.slice(1).map((instance) => instance.close()))
  })

  test('a lease is one instance’s, and ends with the work', async () => {
    const other = place.open()
    const inside = await state.withLease('observer', 30, async (lost) => {
      expect(await other.withLease('observer', 30, async () => 'both')).toEqual({ held: false })
      expect((await other.withLease('outbox', 30, async () => 'beside')).held).toBe(true)
      return lost.aborted
    })
    expect(inside).toEqual({ held: true, result: false })
    expect(await other.withLease('observer', 30, async () => 'next')).toEqual({ held: true, result: 'next' })
    await other.close()
  })

  test('names are remembered beside the log, and forgotten', async () => {
    await state.people.remember('s-1', 'Ann')
    await state.people.remember('s-1', 'Ann B.')
    expect(await state.people.names(['s-1', 's-2'])).toEqual(new Map([['s-1', 'Ann B.']]))
    expect(await state.people.forget('s-1')).toBe(true)
    expect(await state.people.forget('s-1')).toBe(false)
    expect(await state.people.names(['s-1'])).toEqual(new Map())
  })

  test('a mark is the last that was written', async () => {
    expect(await state.readMark('outbox')).toBeUndefined()
    await state.writeMark('outbox', { sequence: 3 })
    await state.writeMark('outbox', { sequence: 4 })
    expect(await state.readMark('outbox')).toEqual({ sequence: 4 })
  })

  test('text that no database likes is kept in a form that the hash fits', async () => {
    const [entry] = await state.append([
      {
        kind: 'gate',
        subject: 'Model:\0:\uD800',
        actor: 'ö\0',
        content: { 'k\0': 'half \uD83D, nul \0', 'ä"\\': 1e21 },
      },
    ])
    expect((await state.read({}, { first: 1 })).entries).toEqual([entry])
    // Nor is asking for it a failure.
    const asked = { subjects: ['Model:\0:\uD800'], actor: 'ö\0', deduplicationKeys: ['\0'] }
    expect((await state.read({ subjects: asked.subjects, actor: asked.actor }, { first: 1 })).entries).toEqual([entry])
    expect(await state.count(asked)).toBe(0)
    await state.people.remember('s\0', 'Ann\0')
    expect(await state.people.forget('s\0')).toBe(true)
    expect(entry?.content).toEqual({ 'k\0': 'half \uFFFD, nul \0', 'ä"\\': 1e21 })
  })
})
