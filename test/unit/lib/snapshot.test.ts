import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Snapshot } from '#lib/snapshot.ts'
import { UpstreamError } from '#lib/upstream/error.ts'

const refused = new UpstreamError({ source: 's', reason: 'DOWN', message: 's refuses connections.' })
const patient = { signal: new AbortController().signal }

/** A snapshot over a load whose outcomes are given out by hand. */
function controlled(outcomes: (() => Promise<string>)[]) {
  const load = vi.fn(async () => (await outcomes.shift()?.()) ?? 'nothing more')
  const log = pino({ level: 'silent' })
  return { load, snapshot: new Snapshot({ source: 's', freshSeconds: 30, staleSeconds: 600, load, log }) }
}
const answer = (value: string) => async () => value
const fail = (error: Error) => async () => Promise.reject(error)

describe('a snapshot', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
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
})
