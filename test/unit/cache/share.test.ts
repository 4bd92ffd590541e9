import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { createShare, type LeaseTimes } from '#lib/cache/share.ts'
import type { SharedStore } from '#lib/cache/store.ts'
import { Snapshot } from '#lib/snapshot.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { memoryStore } from './memory-store.ts'

const log = pino({ level: 'silent' })
const patient = { signal: new AbortController().signal }
const refused = new UpstreamError({ source: 's', reason: 'DOWN', message: 's refuses connections.' })
const times: LeaseTimes = { lasts: 250, prolongedEvery: 20, triedEvery: 5, waitedFor: 5_000 }

/** What one instance of the gateway holds of a source. */
function instance(store: SharedStore, read: () => Promise<string>, freshSeconds = 30) {
  const share = createShare({ source: 's', store, key: async () => 'test:s', keptSeconds: 600, log, times })
  return new Snapshot({ source: 's', freshSeconds, staleSeconds: 600, log, load: share('models', read) })
}

/** Waits until what was read has been published, which nobody waits for otherwise. */
const published = (store: SharedStore) => vi.waitFor(async () => expect(await store.get('test:s:models')).toBeDefined())

describe('instances that share a store', () => {
  it('ask the source once when they start together, and tell the true age', async () => {
    const read = vi.fn(async () => 'a')
    const store = memoryStore()
    const [one, two] = await Promise.all([instance(store, read).read(patient), instance(store, read).read(patient)])
    expect([one.value, two.value]).toEqual(['a', 'a'])
    expect(one.fetchedAt).toEqual(two.fetchedAt)
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('take what another one read while it is fresh, as old as it is', async () => {
    const store = memoryStore()
    const first = await instance(store, async () => 'a').read(patient)
    await published(store)
    const reading = await instance(store, () => Promise.reject(refused)).read(patient)
    expect(reading).toEqual({ value: 'a', fetchedAt: first.fetchedAt, stale: false })
  })

  it('do not take what is older than the reader wants', async () => {
    const store = memoryStore()
    await instance(store, async () => 'a').read(patient)
    await published(store)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 12_000 })
    try {
      const other = instance(store, async () => 'b')
      expect(await other.read({ ...patient, maxAgeSeconds: 20 })).toMatchObject({ value: 'a' })
      expect(await other.read({ ...patient, maxAgeSeconds: 10 })).toMatchObject({ value: 'b' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('wait for one that takes longer than the lease lasts, since it prolongs it', async () => {
    const store = memoryStore()
    const slow = vi.fn(() => new Promise<string>((resolve) => setTimeout(resolve, 2 * times.lasts, 'slow')))
    const other = vi.fn(async () => 'other')
    const first = instance(store, slow).read(patient)
    await vi.waitFor(() => expect(slow).toHaveBeenCalled())
    expect((await instance(store, other).read(patient)).value).toBe('slow')
    expect((await first).value).toBe('slow')
    expect(other).not.toHaveBeenCalled()
  })

  it('go on without one that died while it had the lease', async () => {
    const store = memoryStore()
    await store.lease('test:s:models:lease', 'dead', times.lasts)
    const started = performance.now()
    expect((await instance(store, async () => 'a').read(patient)).value).toBe('a')
    expect(performance.now() - started).toBeLessThan(8 * times.lasts)
  })

  it('go on without one that never ends reading', async () => {
    const store = { ...memoryStore(), lease: async () => 'theirs' as const }
    const share = createShare({
      source: 's',
      store,
      key: async () => 'k',
      keptSeconds: 600,
      log,
      times: { ...times, waitedFor: 50 },
    })
    const loaded = await share('models', async () => 'mine')({ ...patient, notBefore: new Date() })
    expect(loaded.value).toBe('mine')
  })

  it('read one after the other when the first one fails', async () => {
    const store = memoryStore()
    const failing = instance(store, () => Promise.reject(refused)).read(patient)
    expect((await instance(store, async () => 'b').read(patient)).value).toBe('b')
    expect((await failing).failure).toBe(refused)
  })

  it('answer the last that any of them read, as stale with the failure, when the source fails', async () => {
    const store = memoryStore()
    await instance(store, async () => 'a').read(patient)
    await published(store)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100_000 })
    try {
      const newcomer = instance(store, () => Promise.reject(refused))
      expect(await newcomer.read(patient)).toMatchObject({ value: 'a', stale: true, failure: refused })
    } finally {
      vi.useRealTimers()
    }
  })

  it('read for themselves what somebody else wrote under the same key', async () => {
    const store = memoryStore()
    await store.set('test:s:models', 'not an entry', 60_000)
    expect((await instance(store, async () => 'a').read(patient)).value).toBe('a')
  })
})
