import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { buildConfig } from '#lib/config/load.ts'
import { createConnections } from '#lib/connections.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const call = () => ({ signal: AbortSignal.timeout(5_000) })
const request = (path: string) => ({ method: 'GET' as const, path })

it('all that ask one source share its client, its limits and its state, until the last closes it', async () => {
  let [running, most] = [0, 0]
  const server = createServer((_, response) => {
    running += 1
    most = Math.max(most, running)
    setTimeout(() => {
      running -= 1
      response.setHeader('content-type', 'application/json').end('{}')
    }, 50)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  stops.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = buildConfig({ sources: [{ id: 'om', kind: 'openmetadata', url }] }, kinds)
  const [source] = config.sources
  if (!source) throw new Error('one source is configured')
  const connections = createConnections(config, pino({ level: 'silent' }))
  const [one, other, fresh] = [
    connections.to(source, false),
    connections.to(source, false),
    connections.to(source, true),
  ]
  expect(other.state).toBe(one.state)
  // Such connections are another client.
  expect(fresh.state).not.toBe(one.state)
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? one : other).upstream.request(request(`/${i}`), call())),
  )
  expect(most).toBe(4)
  await one.upstream.close()
  await one.upstream.close()
  expect((await other.upstream.request(request('/after'), call())).status).toBe(200)
  await Promise.all([other.upstream.close(), fresh.upstream.close()])
  await expect(other.upstream.request(request('/closed'), call())).rejects.toThrow()
  // Who comes later gets a new one.
  const later = connections.to(source, false)
  expect(later.state).not.toBe(one.state)
  expect((await later.upstream.request(request('/again'), call())).status).toBe(200)
  await later.upstream.close()
})
