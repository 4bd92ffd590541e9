import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRedisStore } from '#lib/cache/redis-store.ts'
import { createShare } from '#lib/cache/share.ts'
import type { SharedStore } from '#lib/cache/store.ts'
import { Secret } from '#lib/config/secret.ts'
import { Snapshot } from '#lib/snapshot.ts'
import { type RealRedis, startRealRedis } from './servers/redis.ts'

const log = pino({ level: 'silent' })
const patient = { signal: new AbortController().signal }

describe('a real Redis', () => {
  let redis: RealRedis
  const stores: SharedStore[] = []
  const connect = () => {
    const store = createRedisStore({ url: new Secret(redis.url), log })
    stores.push(store)
    return store
  }
  beforeAll(async () => {
    redis = await startRealRedis()
  })
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await redis?.stop()
  })
  /** What one instance of the gateway holds of a source. */
  const instance = (source: string, store: SharedStore, read: () => Promise<unknown>) => {
    const share = createShare({ source, store, key: async () => source, keptSeconds: 600, log })
    return new Snapshot({ source, freshSeconds: 30, staleSeconds: 600, log, load: share('models', read) })
  }

  it('keeps what is put into it for as long as it was told', async () => {
    const store = connect()
    await store.set('short', 'a', 50)
    await store.set('long', 'b', 60_000)
    expect([await store.get('short'), await store.get('long')]).toEqual(['a', 'b'])
    await vi.waitFor(async () => expect(await store.get('short')).toBeUndefined())
    expect(await store.get('long')).toBe('b')
  })

  it('gives a lease to one at a time, until it is given back or runs out', async () => {
    const [one, two] = [connect(), connect()]
    expect(await one.lease('l', 'one', 60_000)).toBe('mine')
    expect(await two.lease('l', 'two', 60_000)).toBe('theirs')
    await one.prolong('l', 'one', 0)
    expect(await two.lease('l', 'two', 50)).toBe('mine')
    await vi.waitFor(async () => expect(await one.lease('l', 'one', 60_000)).toBe('mine'))
  })

  it('lets nobody touch the lease of another', async () => {
    const store = connect()
    await store.lease('m', 'first', 60_000)
    await store.prolong('m', 'second', 0)
    expect(await store.lease('m', 'third', 60_000)).toBe('theirs')
    await store.prolong('m', 'first', 50)
    await vi.waitFor(async () => expect(await store.lease('m', 'third', 60_000)).toBe('mine'))
  })

  it('lets instances ask a source once together, however much it answers', async () => {
    const models = Array.from({ length: 20_000 }, (_, i) => ({
      name: `model-${i}`,
      tags: [{ key: 'team', value: 'a' }],
    }))
    const read = vi.fn(async () => models)
    const readings = await Promise.all([1, 2, 3].map(() => instance('shared', connect(), read).read(patient)))
    expect(read).toHaveBeenCalledTimes(1)
    for (const { value } of readings) expect(value).toEqual(models)
  })

  it('that goes away holds nobody up, and is used again when it is back', async () => {
    const port = Number(new URL(redis.url).port)
    const store = connect()
    await store.set('k', 'a', 60_000)
    await redis.stop()
    const started = performance.now()
    expect((await instance('alone', store, async () => 'read').read(patient)).value).toBe('read')
    expect(performance.now() - started).toBeLessThan(300)
    redis = await startRealRedis(port)
    await vi.waitFor(async () => expect(await store.lease('n', 't', 60_000)).toBe('mine'), {
      timeout: 10_000,
      interval: 100,
    })
  })

  it('that hangs holds nobody up, and is used again when it wakes', async () => {
    const store = connect()
    await store.set('k', 'a', 60_000)
    await redis.hang(1.5)
    const started = performance.now()
    expect((await instance('hanging', store, async () => 'read').read(patient)).value).toBe('read')
    expect(performance.now() - started).toBeLessThan(300)
    await vi.waitFor(async () => expect(await store.get('k')).toBe('a'), { timeout: 10_000, interval: 100 })
  })
})
