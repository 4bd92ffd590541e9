import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Freshness, type LoadCall, type Loaded, Snapshot } from '#lib/snapshot.ts'
import { UpstreamError } from '#lib/upstream/error.ts'

const refused = new UpstreamError({ source: 's', reason: 'DOWN', message: 's refuses connections.' })
const patient = { signal: new AbortController().signal }

/** A snapshot over a load whose outcomes are given out by hand. */
function controlled(outcomes: (() => Promise<string>)[], freshness: Partial<Freshness> = {}) {
  const load = vi.fn(async () => {
    const fetchedAt = new Date()
    return { value: (await outcomes.shift()?.()) ?? 'nothing more', fetchedAt }
  })
  return { load, snapshot: over(load, freshness) }
}

function over(load: (call: LoadCall) => Promise<Loaded<string>>, freshness: Partial<Freshness> = {}) {
  const log = pino({ level: 'silent' })
  return new Snapshot({ source: 's', freshSeconds: 30, staleSeconds: 600, load, log, ...freshness })
}
const answer = (value: string) => async () => value
const fail = (error: Error) => async () => Promise.reject(error)

describe('a snapshot', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const later = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000)

  it('loads once for all who ask at the same time, and not again while fresh', async () => {
    const { snapshot, load } = controlled([answer('a')])
    const readings = await Promise.all([snapshot.read(patient), snapshot.read(patient)])
    later(29)
    expect([...readings, await snapshot.read(patient)].map(({ value, stale }) => [value, stale])).toEqual([
      ['a', false],
      ['a', false],
      ['a', false],
    ])
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('answers what it has, marked stale, while it loads anew', async () => {
    const { snapshot } = controlled([answer('a'), answer('b')])
    await snapshot.read(patient)
    later(31)
    expect(await snapshot.read(patient)).toMatchObject({ value: 'a', stale: true })
    await vi.waitFor(async () => expect(await snapshot.read(patient)).toMatchObject({ value: 'b', stale: false }))
  })

  it('answers the last value with the failure beside it when the source fails', async () => {
    const { snapshot } = controlled([answer('a'), fail(refused), answer('c')])
    await snapshot.read(patient)
    later(31)
    await snapshot.read(patient)
    await vi.waitFor(async () =>
      expect(await snapshot.read(patient)).toMatchObject({ value: 'a', stale: true, failure: refused }),
    )
    later(6)
    await snapshot.read(patient)
    await vi.waitFor(async () =>
      expect(await snapshot.read(patient)).toEqual(expect.not.objectContaining({ failure: refused })),
    )
  })

  it('has no value any more when the last one is too old and there is no newer one', async () => {
    const { snapshot } = controlled([answer('a'), fail(refused)])
    await snapshot.read(patient)
    later(601)
    const reading = await snapshot.read(patient)
    expect(reading.value).toBeUndefined()
    expect(reading.failure).toBe(refused)
  })

  it('does not ask a failing source more often than every five seconds', async () => {
    const { snapshot, load } = controlled([fail(refused), answer('b')])
    expect((await snapshot.read(patient)).failure).toBe(refused)
    later(4)
    expect((await snapshot.read({ ...patient, maxAgeSeconds: 0 })).failure).toBe(refused)
    expect(load).toHaveBeenCalledTimes(1)
    later(2)
    expect(await snapshot.read(patient)).toMatchObject({ value: 'b' })
  })

  it('waits for newer data when the client wants none older', async () => {
    const { snapshot, load } = controlled([answer('a'), answer('b')])
    await snapshot.read(patient)
    later(10)
    expect(await snapshot.read({ ...patient, maxAgeSeconds: 0 })).toMatchObject({ value: 'b', stale: false })
    expect((await snapshot.read({ ...patient, maxAgeSeconds: 0 })).failure).toBeUndefined()
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('lets a reader go whose time is over, tells it so, and goes on loading for the next', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { snapshot, load } = controlled([() => promise])
    const impatient = new AbortController()
    const waiting = snapshot.read({ signal: impatient.signal })
    impatient.abort()
    expect(await waiting).toMatchObject({ stale: true, failure: { reason: 'TIMEOUT' } })
    resolve('a')
    expect(await snapshot.read(patient)).toMatchObject({ value: 'a' })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('tells a fault of its own as a failure of the source, without its words', async () => {
    const { snapshot } = controlled([fail(new TypeError('cannot read x of undefined'))])
    const { failure } = await snapshot.read(patient)
    expect(failure?.reason).toBe('BAD_RESPONSE')
    expect(failure?.message).not.toContain('undefined')
  })

  it('answers what it has while fresh where nothing stale may be answered', async () => {
    const { snapshot, load } = controlled([answer('a')], { staleSeconds: 0 })
    await snapshot.read(patient)
    later(29)
    expect(await snapshot.read(patient)).toMatchObject({ value: 'a', stale: false })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('bounds the age as max-age says: younger is answered at once, older is waited for', async () => {
    const { snapshot, load } = controlled([answer('a'), answer('b')])
    await snapshot.read(patient)
    later(12)
    expect(await snapshot.read({ ...patient, maxAgeSeconds: 20 })).toMatchObject({ value: 'a', stale: false })
    expect(load).toHaveBeenCalledTimes(1)
    expect(await snapshot.read({ ...patient, maxAgeSeconds: 10 })).toMatchObject({ value: 'b', stale: false })
  })

  it('answers the last value, marked stale, with the failure when nothing newer can be had for max-age', async () => {
    const { snapshot } = controlled([answer('a'), fail(refused)])
    await snapshot.read(patient)
    later(12)
    const reading = await snapshot.read({ ...patient, maxAgeSeconds: 10 })
    expect(reading).toMatchObject({ value: 'a', stale: true, failure: refused })
  })

  it('takes what was read for a reader for new, however long reading took', async () => {
    const slow = async () => {
      later(20)
      return 'slow'
    }
    const { snapshot, load } = controlled([slow])
    const reading = await snapshot.read({ ...patient, maxAgeSeconds: 0 })
    expect(reading).toMatchObject({ value: 'slow', stale: false })
    expect(reading.failure).toBeUndefined()
    // 20 s old, but the source answered just now.
    const again = await snapshot.read({ ...patient, maxAgeSeconds: 0 })
    expect([again.value, again.stale, again.failure]).toEqual(['slow', false, undefined])
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('asks for newer data than another instance was content with when a reader needs it', async () => {
    const asked: number[] = []
    const snapshot = over(async ({ notBefore }) => {
      asked.push((Date.now() - notBefore.getTime()) / 1_000)
      const fetchedAt = new Date(asked.length === 1 ? Date.now() - 20_000 : Date.now())
      return { value: `read ${asked.length}`, fetchedAt }
    })
    const [content, strict] = await Promise.all([
      snapshot.read(patient),
      snapshot.read({ ...patient, maxAgeSeconds: 0 }),
    ])
    expect([content.value, strict.value]).toEqual(['read 1', 'read 2'])
    expect(asked).toEqual([30, 5])
  })

  it('answers what another instance knew when the source fails, and tells the failure', async () => {
    const fetchedAt = new Date(Date.now() - 100_000)
    const snapshot = over(async () => ({ value: 'theirs', fetchedAt, failure: refused }))
    expect(await snapshot.read(patient)).toEqual({ value: 'theirs', fetchedAt, stale: true, failure: refused })
  })

  describe('told of a change', () => {
    it('is stale at once and loads anew without being asked', async () => {
      const { snapshot } = controlled([answer('a'), answer('b')])
      const { fetchedAt } = await snapshot.read(patient)
      later(2)
      const refreshed = snapshot.expire()
      expect(await snapshot.read(patient)).toEqual({ value: 'a', fetchedAt, stale: true })
      await refreshed
      expect(await snapshot.read(patient)).toMatchObject({ value: 'b', stale: false })
    })

    it('shows it to who wants no old data at all', async () => {
      const { snapshot } = controlled([answer('a'), answer('b')])
      await snapshot.read(patient)
      later(2)
      snapshot.expire()
      await vi.waitFor(async () =>
        expect(await snapshot.read({ ...patient, maxAgeSeconds: 0 })).toMatchObject({ value: 'b', stale: false }),
      )
    })

    it('loads once a second at most, however often it is told', async () => {
      const { snapshot, load } = controlled([])
      await snapshot.read(patient)
      const told = [snapshot.expire(), snapshot.expire(), snapshot.expire()]
      await vi.advanceTimersByTimeAsync(900)
      expect(load).toHaveBeenCalledTimes(1)
      await vi.advanceTimersByTimeAsync(200)
      await Promise.all(told)
      expect(load).toHaveBeenCalledTimes(2)
    })

    it('loads again when it was told during a load, which may have come too early', async () => {
      const { promise, resolve } = Promise.withResolvers<string>()
      const { snapshot, load } = controlled([() => promise, answer('b')])
      const first = snapshot.read(patient)
      later(1)
      const refreshed = snapshot.expire()
      resolve('a')
      expect(await first).toMatchObject({ value: 'a', stale: true })
      await vi.advanceTimersByTimeAsync(1_000)
      await refreshed
      expect(await snapshot.read(patient)).toMatchObject({ value: 'b', stale: false })
      expect(load).toHaveBeenCalledTimes(2)
    })

    it('leaves it to the readers to try again when that fails', async () => {
      const { snapshot, load } = controlled([answer('a'), fail(refused), answer('c')])
      await snapshot.read(patient)
      later(2)
      await snapshot.expire()
      expect(await snapshot.read(patient)).toMatchObject({ value: 'a', stale: true, failure: refused })
      later(6)
      await snapshot.read(patient)
      await vi.waitFor(async () => expect(await snapshot.read(patient)).toMatchObject({ value: 'c', stale: false }))
      expect(load).toHaveBeenCalledTimes(3)
    })

    it('ends its waiting when it is closed', async () => {
      const { snapshot, load } = controlled([])
      await snapshot.read(patient)
      snapshot.expire()
      await snapshot.close()
      expect(load).toHaveBeenCalledTimes(1)
    })
  })
})
