import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FaultServer, startFaultServer } from './proxy.ts'
import { patience, type TestSource, testSource } from './source.ts'

let server: FaultServer
let source: TestSource
beforeEach(async () => {
  server = await startFaultServer()
  source = testSource(server.url)
})
afterEach(async () => {
  await source.close()
  await server.close()
})

const arrived = (count: number) => expect.poll(() => server.calls.length, { interval: 2 }).toBe(count)

describe('the time of the query', () => {
  it("ends a request as the source's time-out", async () => {
    await server.fault({ kind: 'hang' })
    const error = await source.failure({}, { signal: AbortSignal.timeout(50) })
    expect(error).toMatchObject({
      reason: 'TIMEOUT',
      message: '"tool" did not answer before the time of the query was up.',
    })
    expect(source.state.status()).toMatchObject({ state: 'DOWN', message: error.message })
  })

  it('is not held against a source that was never asked', async () => {
    const over = AbortSignal.abort(new DOMException('Too late.', 'TimeoutError'))
    const error = await source.failure({}, { signal: over })
    expect(error.message).toBe('"tool" was not asked any more: the time of the query was up.')
    expect(server.calls).toHaveLength(0)
    expect(source.state.status().state).toBe('UNKNOWN')
  })

  it('ends a wait for Retry-After', async () => {
    const patient = testSource(server.url, { http: { requestTimeout: 10_000 } })
    await server.fault({ kind: 'answer', status: 429, headers: { 'retry-after': '5' } })
    const error = await patient.failure({}, { signal: AbortSignal.timeout(100) })
    expect(error.reason).toBe('TIMEOUT')
    await patient.close()
  })
})

it('lets the index load longer than a request', async () => {
  await server.fault({ kind: 'drip', everyMilliseconds: 70 })
  expect((await source.failure()).reason).toBe('TIMEOUT')
  expect((await source.get('/models', { purpose: 'index' })).json()).toEqual({ ok: true })
})

describe('identical requests at the same time', () => {
  it('are one request to the source', async () => {
    const answers = await Promise.all([source.get(), source.get(), source.get()])
    expect(answers.map((answer) => answer.json())).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(server.calls).toHaveLength(1)
  })

  it('are told apart by method, query, body, purpose and what they accept', async () => {
    const signal = new AbortController().signal
    await Promise.all([
      source.request({ method: 'GET', path: '/models' }, { signal }),
      source.request({ method: 'GET', path: '/models', query: { page: 2 } }, { signal }),
      source.request({ method: 'GET', path: '/models', accept: [404] }, { signal }),
      source.request({ method: 'GET', path: '/models' }, { signal, purpose: 'index' }),
      source.request({ method: 'POST', path: '/models', json: 1 }, { signal }),
      source.request({ method: 'POST', path: '/models', json: 2 }, { signal }),
    ])
    expect(server.calls).toHaveLength(6)
  })

  it('go on when one caller leaves, and end when all have left', async () => {
    await server.fault({ kind: 'drip', everyMilliseconds: 10 })
    const [first, second] = [new AbortController(), new AbortController()]
    const gone = source.get('/models', { signal: first.signal })
    const stays = source.get('/models', { signal: second.signal })
    await arrived(1)
    first.abort(new Error('The first left.'))
    await expect(gone).rejects.toThrow('The first left.')
    expect((await stays).json()).toEqual({ ok: true })
    expect(server.calls).toHaveLength(1)

    await server.fault({ kind: 'hang' })
    const [third, fourth] = [new AbortController(), new AbortController()]
    const both = [third, fourth].map(({ signal }) => source.get('/models', { signal }))
    await arrived(2)
    third.abort(new Error('The third left.'))
    fourth.abort(new Error('The fourth left.'))
    await expect(both[0]).rejects.toThrow('The third left.')
    await expect(both[1]).rejects.toThrow('The fourth left.')
    await server.heal()
    expect((await source.get()).json()).toEqual({ ok: true })
    expect(server.calls).toHaveLength(3)
  })
})

describe('the slots of a source', () => {
  it('bound how many requests it gets at a time, and all are answered in the end', async () => {
    await server.fault({ kind: 'drip', everyMilliseconds: 2 })
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => source.get(`/models/${i}`)))
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    expect(server.busiest()).toBe(4)
  })

  it('leave one to requests while the index loads', async () => {
    await server.fault({ kind: 'hang' })
    const loading = Array.from({ length: 8 }, (_, i) => source.failure({ path: `/page/${i}` }, { purpose: 'index' }))
    await arrived(3)
    await server.heal()
    expect((await source.get()).json()).toEqual({ ok: true })
    expect(server.calls).toHaveLength(4)
    await source.close()
    await Promise.all(loading)
  })

  it('are not waited for by a caller that left', async () => {
    await server.fault({ kind: 'hang' })
    const running = Array.from({ length: 4 }, (_, i) => source.failure({ path: `/models/${i}` }))
    await arrived(4)
    const controller = new AbortController()
    const waiting = source.get('/waiting', { signal: controller.signal })
    controller.abort(new Error('The reader left.'))
    await expect(waiting).rejects.toThrow('The reader left.')
    await Promise.all(running)
    expect(server.calls.map(({ path }) => path)).not.toContain('/waiting')
  })

  it('fail the next request at once when too many wait for one', async () => {
    const small = testSource(server.url, { maxConcurrent: 1, policy: { ...patience(), queue: 1 } })
    await server.fault({ kind: 'hang' })
    const taken = [small.failure({ path: '/1' }), small.failure({ path: '/2' })]
    const error = await small.failure({ path: '/3' })
    expect(error).toMatchObject({
      reason: 'TIMEOUT',
      message: '"tool" answers too slowly: 1 requests wait for it already. Ask for less at a time, or later.',
    })
    await small.close()
    await Promise.all(taken)
  })
})

it('asks on fresh connections where that is wanted, so that a hanging one takes no other along', async () => {
  const fresh = testSource(server.url, { freshConnections: true })
  await server.fault({ kind: 'hang' }, { times: 1 })
  const hanging = fresh.failure({ path: '/load' })
  await arrived(1)
  for (const path of ['/a', '/b', '/c']) expect((await fresh.get(path)).status).toBe(200)
  expect(server.calls.map(({ headers }) => headers.connection)).toEqual(Array(4).fill('close'))
  expect((await hanging).reason).toBe('TIMEOUT')
  await fresh.close()
})
