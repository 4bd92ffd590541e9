import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Fault } from './fault.ts'
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

const busy = (status: number, retryAfter?: string): Fault => ({
  kind: 'answer',
  status,
  ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
})

describe('a request is repeated', () => {
  it.each([
    ['502 twice', busy(502), 2],
    ['503 twice', busy(503), 2],
    ['504 once', busy(504), 1],
    ['a reset in mid-body', { kind: 'reset' }, 1],
    ['an answer that ends too early', { kind: 'wrong-length', by: 10 }, 2],
    ['429 with a second count that fits', busy(429, '0'), 1],
  ] as [string, Fault, number][])('after %s, and the caller gets the answer', async (_, fault, times) => {
    await server.fault(fault, { times })
    expect((await source.get()).json()).toEqual({ ok: true })
    expect(server.calls).toHaveLength(times + 1)
    expect(source.state.status()).toMatchObject({ state: 'UP', lastFailureAt: null })
  })

  it('when it reads by POST too, with the same body', async () => {
    await server.fault(busy(503), { times: 1 })
    const call = { signal: new AbortController().signal }
    await source.request({ method: 'POST', path: '/runs/search', json: { max_results: 5 } }, call)
    expect(server.calls.map(({ body }) => body)).toEqual(['{"max_results":5}', '{"max_results":5}'])
  })

  it.each([
    ['429 with seconds', 429, () => '1'],
    ['503 with a date', 503, () => new Date(Date.now() + 1_000).toUTCString()],
  ] as [string, number, () => string][])('after %s, and not before that time', async (_, status, form) => {
    const patient = testSource(server.url, { http: { requestTimeout: 4_000 } })
    const retryAfter = form()
    await server.fault(busy(status, retryAfter), { times: 1 })
    const notBefore = retryAfter === '1' ? Date.now() + 1_000 : Date.parse(retryAfter)
    await patient.get()
    // Timers of Node may come a millisecond early.
    expect(Date.now()).toBeGreaterThanOrEqual(notBefore - 5)
    expect(server.calls).toHaveLength(2)
    await patient.close()
  })
})

describe('a request is not repeated', () => {
  it.each([
    ['500', busy(500)],
    ['400', busy(400)],
    ['429 that names no time', busy(429)],
    ['a hang until the time limit', { kind: 'hang' }],
  ] as [string, Fault][])('after %s', async (_, fault) => {
    await server.fault(fault, { times: 1 })
    await source.failure()
    expect(server.calls).toHaveLength(1)
  })

  it('when the status is an answer to the caller', async () => {
    await server.fault(busy(503))
    const call = { signal: new AbortController().signal }
    const response = await source.request({ method: 'GET', path: '/ready', accept: [503] }, call)
    expect(response.status).toBe(503)
    expect(server.calls).toHaveLength(1)
    expect(source.state.status().state).toBe('UP')
  })

  it('beyond the budget that all requests of a source share', async () => {
    const thrifty = testSource(server.url, {
      policy: patience({ retries: { minimum: 3 }, breaker: { minimum: 1_000, size: 1_000 } }),
    })
    await server.fault(busy(503))
    for (let i = 0; i < 8; i++) await thrifty.failure()
    expect(server.calls).toHaveLength(8 + 3)
    await thrifty.close()
  })

  it('beyond its time limit', async () => {
    const slow = testSource(server.url, { policy: patience({ retries: { base: 100_000 } }) })
    await server.fault(busy(503))
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    await slow.failure()
    random.mockRestore()
    expect(server.calls).toHaveLength(1)
    await slow.close()
  })

  it('when the failed one is the last that the breaker lets through', async () => {
    const wary = testSource(server.url, { policy: patience({ breaker: { minimum: 1 } }) })
    await server.fault(busy(503))
    const error = await wary.failure()
    expect(error.status).toBe(503)
    expect(server.calls).toHaveLength(1)
    await wary.close()
  })
})

describe('the breaker', () => {
  const wary = (pause = 200) =>
    testSource(server.url, {
      http: { requestTimeout: 100 },
      policy: patience({ retries: { most: 0 }, breaker: { minimum: 4, size: 8, pause } }),
    })
  const fail = async (times: number, tool: TestSource) => {
    for (let i = 0; i < times; i++) await tool.failure()
  }

  it.each([
    ['500', busy(500)],
    ['503', busy(503)],
    ['time-outs', { kind: 'hang' }],
    ['refused connections', { kind: 'refuse' }],
  ] as [string, Fault][])(
    'opens after many %s, then refuses at once and says when it tries again',
    async (_, fault) => {
      const tool = wary(30_000)
      await server.fault(fault)
      await fail(4, tool)
      const [asked, before] = [server.calls.length, tool.state.status()]

      const started = performance.now()
      const error = await tool.failure()
      expect(performance.now() - started).toBeLessThan(250)
      expect(error.reason).toBe('DOWN')
      expect(error.message).toMatch(
        /^"tool" failed too often lately and is left alone: it will be tried again in (30|29(\.\d)?) s\.$/,
      )
      expect(error.retryAfterSeconds).toBe(30)
      expect(server.calls).toHaveLength(asked)
      expect(tool.state.status()).toEqual(before)
      await tool.close()
    },
  )

  it('lets one request try after the pause, and all of them when that went well', async () => {
    const tool = wary(100)
    await server.fault(busy(500))
    await fail(4, tool)
    await server.heal()
    await expect
      .poll(
        () =>
          tool.get('/first').then(
            ({ status }) => status,
            () => 0,
          ),
        { interval: 20 },
      )
      .toBe(200)
    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => tool.get(path)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await tool.close()
  })

  it('asks a source that is still ill once per pause, whoever waits', async () => {
    const tool = wary(100)
    await server.fault(busy(500))
    await fail(4, tool)
    await expect
      .poll(
        () => Promise.all([tool.failure({ path: '/a' }), tool.failure({ path: '/b' })]).then(() => server.calls.length),
        { interval: 20 },
      )
      .toBe(5)
    await tool.close()
  })

  it('learns nothing from a try whose caller left', async () => {
    const tool = wary(150)
    await server.fault(busy(500))
    await fail(4, tool)
    await server.fault({ kind: 'hang' })
    const controller = new AbortController()
    await expect
      .poll(
        () => {
          tool.get('/try', { signal: controller.signal }).catch(() => {})
          return server.calls.length
        },
        { interval: 10 },
      )
      .toBe(5)
    controller.abort()
    expect((await tool.failure({ path: '/next' })).message).toMatch(/is left alone/)
    await tool.close()
  })

  it.each([400, 401, 403, 404, 429])('stays closed on %d', async (status) => {
    const tool = wary()
    await server.fault(busy(status))
    await fail(6, tool)
    expect(server.calls).toHaveLength(6)
    await tool.close()
  })

  it('stays closed when callers leave', async () => {
    const tool = wary()
    await server.fault({ kind: 'hang' })
    for (let i = 0; i < 6; i++) {
      const controller = new AbortController()
      const gone = tool.get('/models', { signal: controller.signal })
      await expect.poll(() => server.calls.length, { interval: 2 }).toBe(i + 1)
      controller.abort(new Error('The reader left.'))
      await expect(gone).rejects.toThrow('The reader left.')
    }
    expect(tool.state.status().state).toBe('UNKNOWN')
    await server.heal()
    expect((await tool.get()).status).toBe(200)
    await tool.close()
  })
})

describe('the log', () => {
  const warnings = () => source.lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)

  it('tells that a source fails once, and when it answers again', async () => {
    await server.fault({ kind: 'answer', status: 403 })
    await source.failure()
    await source.failure()
    expect(warnings()).toMatchObject([{ source: 'tool', reason: 'FORBIDDEN', status: 403 }])
    await server.fault({ kind: 'answer', status: 400 })
    await source.failure()
    expect(warnings()).toHaveLength(2)
    await server.heal()
    await source.get()
    await source.get()
    expect(source.lines.filter((line) => line.includes('answers again'))).toHaveLength(1)
  })
})
