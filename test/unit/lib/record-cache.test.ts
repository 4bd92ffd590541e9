import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RecordCache } from '#lib/record-cache.ts'
import { UpstreamError } from '#lib/upstream/error.ts'

const refused = new UpstreamError({ source: 's', reason: 'DOWN', message: 's refuses connections.' })
const patient = { signal: new AbortController().signal }

function cacheOver(load: (keys: readonly string[]) => Promise<readonly (string | null | Error)[]>, maxRecords = 100) {
  const spy = vi.fn(load)
  return { spy, cache: new RecordCache({ freshSeconds: 30, staleSeconds: 600, maxRecords, load: spy }) }
}

describe('a cache of records', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

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

  it('answers the last known record, marked stale, when the source fails', async () => {
    const answers = [async () => ['A'], async () => Promise.reject(refused)]
    const { cache } = cacheOver(async () => (await answers.shift()?.()) ?? [])
    await cache.readMany(['a'], patient)
    vi.advanceTimersByTime(31_000)
    expect(await cache.readMany(['a'], patient)).toMatchObject([{ value: 'A', stale: true, failure: refused }])
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
