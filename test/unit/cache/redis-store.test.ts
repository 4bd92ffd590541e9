import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRedisStore } from '#lib/cache/redis-store.ts'
import { createShare } from '#lib/cache/share.ts'
import type { SharedStore } from '#lib/cache/store.ts'
import { Secret } from '#lib/config/secret.ts'
import { Snapshot } from '#lib/snapshot.ts'

/** The most that a Redis which does not answer may cost a reader, in milliseconds. */
const COST = 300

const patient = { signal: new AbortController().signal }
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** A server that does with each connection what the test says. Tells its address. */
async function listen(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await once(server.close(), 'close')
  })
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function storeAt(url: string): { store: SharedStore; warnings: string[] } {
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
  const store = createRedisStore({ url: new Secret(url), log })
  closers.push(() => store.close())
  return { store, warnings }
}

/** Milliseconds that a first read of a source costs over such a store. */
async function costOfReading(store: SharedStore): Promise<number> {
  const log = pino({ level: 'silent' })
  const share = createShare({ source: 's', store, key: async () => 'k', keptSeconds: 600, log })
  const load = share('models', async () => 'read')
  const snapshot = new Snapshot({ source: 's', freshSeconds: 30, staleSeconds: 600, log, load })
  const started = performance.now()
  expect(await snapshot.read(patient)).toMatchObject({ value: 'read', stale: false })
  return performance.now() - started
}

describe('a Redis that', () => {
  it('refuses connections costs a reader next to nothing', async () => {
    const { store } = storeAt('redis://127.0.0.1:1')
    expect(await costOfReading(store)).toBeLessThan(COST)
  })

  it('accepts connections and never answers costs the first reader 200 ms, and the next nothing', async () => {
    const { store } = storeAt(await listen(() => {}))
    expect(await costOfReading(store)).toBeLessThan(COST)
    const started = performance.now()
    expect([await store.get('k'), await store.lease('l', 't', 1_000)]).toEqual([undefined, 'unreachable'])
    expect(performance.now() - started).toBeLessThan(50)
  })

  it('breaks every connection off costs a reader next to nothing', async () => {
    const { store } = storeAt(await listen((socket) => socket.destroy()))
    expect(await costOfReading(store)).toBeLessThan(COST)
  })

  it('does not answer is told in the log once per outage, without the password', async () => {
    let connections = 0
    const url = await listen((socket) => {
      connections++
      socket.destroy()
    })
    const { warnings } = storeAt(url.replace('://', '://user:pa55word@'))
    await vi.waitFor(() => expect(connections).toBeGreaterThan(2), { timeout: 5_000 })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('Redis (cache.redis) does not answer')
    expect(warnings[0]).not.toContain('pa55word')
  })

  it('is closed while it connects keeps nobody waiting', async () => {
    const { store } = storeAt(await listen(() => {}))
    const started = performance.now()
    await store.close()
    expect(performance.now() - started).toBeLessThan(COST)
  })
})
