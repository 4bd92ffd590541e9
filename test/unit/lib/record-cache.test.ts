import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RecordCache } from '#lib/record-cache.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'

const refused = new UpstreamError({ source: 's', reason: 'DOWN', message: 's refuses connections.' })
const patient = { signal: new AbortController().signal }

function cacheOver(
  load: (keys: readonly string[], call: UpstreamCall) => Promise<readonly (string | null | Error)[]>,
  maxRecords = 100,
) {
  const spy = vi.fn(load)
  const log = pino({ level: 'silent' })
  return {
    spy,
    cache: new RecordCache({ source: 's', freshSeconds: 30, staleSeconds: 600, maxRecords, load: spy, log }),
  }
}

describe('a cache of records', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const later = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000)

  it('asks for what it lacks in one batch, each key once, and for nothing while fresh', async () => {
    const { cache, spy } = cacheOver(async (keys) => keys.map((key) => key.toUpperCase()))
    expect((await cache.readMany(['a', 'b', 'a'], patient)).map(({ value }) => value)).toEqual(['A', 'B', 'A'])
    await cache.readMany(['b', 'c'], patient)
    expect(spy.mock.calls.map(([keys]) => keys)).toEqual([['a', 'b'], ['c']])
  })

  it('remembers that there is no such record', async () => {
    const { cache, spy } = cacheOver(async () => [null])
    await cache.readMany(['a'], patient)
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: null, stale: false }])
    expect(spy).toHaveBeenCalledTimes(1)
  })

  it('answers what it has, marked stale, while it reads anew in the background', async () => {
    const second = Promise.withResolvers<string[]>()
    const answers = [async () => ['A'], () => second.promise]
    const { cache, spy } = cacheOver(async () => (await answers.shift()?.()) ?? [])
    await cache.readMany(['a'], patient)
    later(31)
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: true }])
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: true }])
    second.resolve(['B'])
    await vi.waitFor(async () =>
      expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'B', stale: false }]),
    )
    expect(spy).toHaveBeenCalledTimes(2)
  })

  it('reads each key once for all who ask at the same time', async () => {
    const { cache, spy } = cacheOver(async (keys) => keys.map((key) => key.toUpperCase()))
    const [one, two] = await Promise.all([cache.readMany(['a', 'b'], patient), cache.readMany(['b', 'c'], patient)])
    expect([one, two].map((readings) => readings.map(({ value }) => value))).toEqual([
      ['A', 'B'],
      ['B', 'C'],
    ])
    expect(spy.mock.calls.map(([keys]) => keys)).toEqual([['a', 'b'], ['c']])
  })

  it('waits for newer records when the client wants none older, every five seconds at most', async () => {
    let reads = 0
    const { cache, spy } = cacheOver(async () => [`read ${++reads}`])
    await cache.readMany(['a'], patient)
    later(12)
    expect(await cache.readMany(['a'], { ...patient, maxAgeSeconds: 20 })).toMatchObject([{ value: 'read 1' }])
    expect(await cache.readMany(['a'], { ...patient, maxAgeSeconds: 10 })).toMatchObject([{ value: 'read 2' }])
    later(4)
    expect(await cache.readMany(['a'], { ...patient, maxAgeSeconds: 0 })).toMatchObject([{ value: 'read 2' }])
    later(2)
    expect(await cache.readMany(['a'], { ...patient, maxAgeSeconds: 0 })).toMatchObject([{ value: 'read 3' }])
    expect(spy).toHaveBeenCalledTimes(3)
  })

  it('tells a failure after a good value beside it, asks again after five seconds, and heals', async () => {
    const answers = [async () => ['A'], async () => Promise.reject(refused), async () => ['C']]
    const { cache, spy } = cacheOver(async () => (await answers.shift()?.()) ?? [])
    await cache.readMany(['a'], patient)
    later(31)
    await cache.readMany(['a'], patient)
    await vi.waitFor(async () =>
      expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: true, failure: refused }]),
    )
    later(4)
    await cache.readMany(['a'], patient)
    expect(spy).toHaveBeenCalledTimes(2)
    later(2)
    await cache.readMany(['a'], patient)
    await vi.waitFor(async () => {
      const [reading] = await cache.readMany(['a'], patient)
      expect([reading?.value, reading?.stale, reading?.failure]).toEqual(['C', false, undefined])
    })
  })

  it('forgets a record that is too old to be told when the source fails', async () => {
    const answers = [async () => ['A'], async () => Promise.reject(refused)]
    const { cache } = cacheOver(async () => (await answers.shift()?.()) ?? [])
    await cache.readMany(['a'], patient)
    later(601)
    const [reading] = await cache.readMany(['a'], patient)
    expect([reading?.value, reading?.failure]).toEqual([undefined, refused])
  })

  it('lets a reader go whose time is over, and keeps what comes for the next', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>()
    const { cache, spy } = cacheOver(() => promise)
    const impatient = new AbortController()
    const waiting = cache.readMany(['a'], { signal: impatient.signal })
    impatient.abort(new DOMException('The time is up.', 'TimeoutError'))
    expect(await waiting).toMatchObject([{ stale: true, failure: { reason: 'TIMEOUT' } }])
    resolve(['A'])
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A' }])
    expect(spy).toHaveBeenCalledTimes(1)
  })

  it('stops reading what nobody waits for any more since all have gone away, and reads it anew for the next', async () => {
    const asked: AbortSignal[] = []
    const first = Promise.withResolvers<string[]>()
    const { cache } = cacheOver(async (_keys, { signal }) => {
      asked.push(signal)
      return asked.length === 1 ? first.promise : ['A']
    })
    const [one, two] = [new AbortController(), new AbortController()]
    const waiting = [one, two].map(({ signal }) => cache.readMany(['a'], { signal }))
    one.abort()
    await waiting[0]
    expect(asked[0]?.aborted).toBe(false)
    two.abort()
    await waiting[1]
    expect(asked[0]?.aborted).toBe(true)
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: false }])
    first.resolve(['late'])
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: false }])
  })

  it('told of a change, waits for the new record, and answers the old one as stale where it cannot be had', async () => {
    const answers: (string | Error)[] = ['A', 'B', refused]
    const { cache } = cacheOver(async () => [answers.shift() ?? null])
    await cache.readMany(['a'], patient)
    later(1)
    // The clock stands still: a record read in the millisecond of a change is fresh all the same.
    cache.expire('a')
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'B', stale: false }])
    cache.expire('a')
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'B', stale: true, failure: refused }])
  })

  it('told of a change while it reads a record for the first time, answers that as stale and the next one anew', async () => {
    const first = Promise.withResolvers<string[]>()
    const answers = [() => first.promise, async () => ['B']]
    const { cache, spy } = cacheOver(async () => (await answers.shift()?.()) ?? [])
    const reading = cache.readMany(['a'], patient)
    cache.expire('a')
    first.resolve(['A'])
    expect(await reading).toMatchObject([{ value: 'A', stale: true }])
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'B', stale: false }])
    expect(spy).toHaveBeenCalledTimes(2)
  })

  it('takes no record that came along for newer than a change that was told since it was asked for', async () => {
    const { cache } = cacheOver(async () => ['B'])
    const asked = cache.now()
    cache.expire('a')
    cache.put('a', 'A', asked)
    cache.put('b', 'fresh', cache.now())
    expect(await cache.readMany(['a', 'b'], patient)).toMatchObject([
      { value: 'B', stale: false },
      { value: 'fresh', stale: false },
    ])
    cache.put('a', 'C', cache.now())
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'C', stale: false }])
  })

  it('tells the failure where nothing is known, for each key by itself', async () => {
    const { cache } = cacheOver(async (keys) => keys.map((key) => (key === 'a' ? 'A' : refused)))
    const [a, b] = await cache.readMany(['a', 'b'], patient)
    expect(a).toMatchObject({ value: 'A' })
    expect(b?.value).toBeUndefined()
    expect(b?.failure).toBe(refused)
  })

  it('holds no more than it may, and forgets what was least used', async () => {
    const { cache, spy } = cacheOver(async (keys) => [...keys], 2)
    for (const key of ['a', 'b', 'a', 'c', 'a']) await cache.readMany([key], patient)
    expect(spy.mock.calls.flatMap(([keys]) => keys)).toEqual(['a', 'b', 'c'])
  })

  it('does not hide a fault of ours as a failure of the source', async () => {
    const { cache } = cacheOver(async () => [new TypeError('fault')])
    await expect(cache.readMany(['a'], patient)).rejects.toThrow('fault')
  })
})
