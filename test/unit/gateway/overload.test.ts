import { describe, expect, it } from 'vitest'
import { createOverload } from '#gateway/overload.ts'
import { gateway, subgraphs } from './graph.ts'

const patient = () => new AbortController().signal
const eventLoopDelayMilliseconds = 60_000

/** A gateway whose endpoints are answered when a test wants; each that is being answered is in `asked`. */
async function busy(concurrency: { running: number; waiting: number }, requestDeadlineMilliseconds = 10_000) {
  const asked: { answer: () => void; signal: AbortSignal }[] = []
  let arrived = () => {}
  const Query = {
    endpoints: (_: never, __: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => {
        asked.push({ signal, answer: () => resolve([]) })
        arrived()
      }),
  }
  const server = await gateway({
    subgraphs: subgraphs({ serving: { Query } }),
    config: { requestDeadlineMilliseconds, concurrency: { ...concurrency, eventLoopDelayMilliseconds } },
  })
  const post = { method: 'POST', url: '/graphql', payload: { query: '{ endpoints { name } }' } } as const
  return {
    ...server,
    asked,
    ask: () => server.app.inject(post),
    ready: async () => (await server.app.inject('/health/ready')).statusCode,
    /** Settles when so many are, or were, being answered. */
    answering: (many: number) =>
      new Promise<void>((resolve) => {
        arrived = () => asked.length >= many && resolve()
        arrived()
      }),
  }
}

/** Lets what was sent arrive at the queue. */
const arrived = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('more queries than can be answered', () => {
  it('wait, first come first served, and are answered when it is their turn', async () => {
    const server = await busy({ running: 1, waiting: 2 })
    const order: number[] = []
    const answers = [1, 2, 3].map(async (number) => {
      const { statusCode } = await server.ask()
      order.push(number)
      return statusCode
    })
    for (const turn of [1, 2, 3]) {
      await server.answering(turn)
      expect(server.asked).toHaveLength(turn)
      server.asked[turn - 1]?.answer()
    }
    expect(await Promise.all(answers)).toEqual([200, 200, 200])
    expect(order).toEqual([1, 2, 3])
  })

  it('are refused beyond the queue, in words, with a time, and before anything of them is read', async () => {
    const server = await busy({ running: 1, waiting: 1 })
    const taken = [server.ask(), server.ask()]
    await server.answering(1)
    await arrived()
    const refused = await server.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: 'no JSON',
    })
    expect(refused.statusCode).toBe(503)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(refused.json()).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /^The gateway is asked more than it can answer: 1 queries are being answered and 1 wait .* Ask again in \d+ s\.$/,
          ),
          extensions: { code: 'OVERLOADED', requestId: expect.any(String) },
        },
      ],
    })
    server.asked[0]?.answer()
    await server.answering(2)
    server.asked[1]?.answer()
    expect((await Promise.all(taken)).map(({ statusCode }) => statusCode)).toEqual([200, 200])
    const again = server.ask()
    await server.answering(3)
    server.asked[2]?.answer()
    expect((await again).statusCode).toBe(200)
  })

  it('are told before by readiness, while health and the page to explore still answer', async () => {
    const server = await busy({ running: 1, waiting: 2 })
    const taken = [server.ask()]
    await server.answering(1)
    expect(await server.ready()).toBe(200)
    taken.push(server.ask(), server.ask())
    await arrived()
    const readiness = await server.app.inject('/health/ready')
    expect(readiness.statusCode).toBe(503)
    expect(readiness.json()).toEqual({ ready: false, detail: 'overloaded: 2 queries wait for their turn' })
    expect((await server.app.inject('/health/live')).statusCode).toBe(200)
    for (const turn of [1, 2, 3]) {
      await server.answering(turn)
      server.asked[turn - 1]?.answer()
    }
    await Promise.all(taken)
    expect(await server.ready()).toBe(200)
  })

  it('give up after half of their deadline', async () => {
    const server = await busy({ running: 1, waiting: 1 }, 400)
    const first = server.ask()
    await server.answering(1)
    const started = performance.now()
    const late = await server.ask()
    expect(performance.now() - started).toBeLessThan(350)
    expect(late.statusCode).toBe(503)
    expect(late.headers['retry-after']).toBe('1')
    expect(late.json().errors[0].message).toMatch(/this query waited 200 ms and had no turn/)
    expect((await first).statusCode).toBe(200)
  })

  it('leave the queue with their client', async () => {
    const server = await busy({ running: 1, waiting: 1 })
    const url = `${await server.listen()}/graphql?query={endpoints{name}}`
    const headers = { 'content-type': 'application/json' }
    const first = fetch(url, { headers })
    await server.answering(1)
    const leaving = new AbortController()
    const left = fetch(url, { headers, signal: leaving.signal })
    await expect.poll(server.ready).toBe(503)
    leaving.abort()
    await expect(left).rejects.toThrow()
    await expect.poll(server.ready).toBe(200)
    server.asked[0]?.answer()
    expect((await first).status).toBe(200)
    expect(server.asked).toHaveLength(1)
    await server.close()
  })
})

describe('the time after which to ask again', () => {
  it('grows with the queue and the time that queries took lately', async () => {
    const overload = createOverload({ running: 1, waiting: 9, eventLoopDelayMilliseconds }, 10_000)
    const never = new Promise<never>(() => {})
    void overload.run(patient(), () => never)
    const leaving = new AbortController()
    const waiting = Array.from({ length: 9 }, () => overload.run(leaving.signal, () => never))
    expect(overload.refusal()?.retryAfterSeconds).toBe(10)
    leaving.abort()
    await Promise.all(waiting)
    expect(overload.refusal()).toBeUndefined()
  })

  it('is no more than a second when queries are quick', async () => {
    const overload = createOverload({ running: 1, waiting: 1, eventLoopDelayMilliseconds }, 10_000)
    for (let i = 0; i < 50; i++) await overload.run(patient(), async () => i)
    const never = new Promise<never>(() => {})
    const leaving = new AbortController()
    const both = [1, 2].map(() => overload.run(leaving.signal, () => never))
    expect(overload.refusal()?.retryAfterSeconds).toBe(1)
    leaving.abort()
    await both[1]
  })

  it('does not hide what the work itself throws', async () => {
    const overload = createOverload({ running: 1, waiting: 1, eventLoopDelayMilliseconds }, 10_000)
    await expect(overload.run(patient(), async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  })
})

it('a process that is late is not ready', async () => {
  const overload = createOverload({ running: 1, waiting: 1, eventLoopDelayMilliseconds: 20 }, 10_000)
  overload.pressure()
  await expect
    .poll(
      () => {
        const until = performance.now() + 300
        while (performance.now() < until);
        return overload.pressure()
      },
      { timeout: 5_000 },
    )
    .toMatch(/^overloaded: the process is \d+ ms late on average$/)
})
