import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type FaultServer, startFaultServer } from './proxy.ts'
import { testSource } from './source.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

/** A source whose every answer is these bytes, said to be compressed so. */
async function sourceOf(encoding: string, body: Buffer, status = 200) {
  const headers = { 'content-encoding': encoding, 'content-type': 'text/plain' }
  const server: FaultServer = await startFaultServer({ answer: () => ({ status, headers, body }) })
  const source = testSource(server.url)
  opened.push(server, source)
  return { server, source }
}
const models = JSON.stringify({ models: ['größer', 'model '.repeat(100)] })
const BOMB = Buffer.alloc(200_000_000, ' ')

describe('an answer that is compressed', () => {
  it.each([
    ['gzip', gzipSync(models)],
    ['GZIP', gzipSync(models)],
    ['br', brotliCompressSync(models)],
  ])('is read: %s', async (encoding, body) => {
    const { server, source } = await sourceOf(encoding, body)
    expect((await source.get()).json()).toEqual(JSON.parse(models))
    expect(server.calls[0]?.headers['accept-encoding']).toBe('gzip, br')
  })

  it.each([
    ['gzip', gzipSync(BOMB)],
    ['br', brotliCompressSync(BOMB)],
  ])('may not be longer than others once it is inflated: %s', async (encoding, body) => {
    expect(body.length).toBeLessThan(300_000)
    const { source } = await sourceOf(encoding, body)
    const before = process.memoryUsage().rss
    expect(await source.failure()).toMatchObject({
      reason: 'BAD_RESPONSE',
      message: '"tool" sent an answer longer than 1 MiB, the limit in http.maxResponseBytes.',
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  it.each([
    ['is none', Buffer.from(models)],
    ['is cut off', gzipSync(models).subarray(0, 30)],
  ])('and %s is told as such, without what it holds', async (_, body) => {
    const { source } = await sourceOf('gzip', body)
    expect(await source.failure()).toMatchObject({
      reason: 'BAD_RESPONSE',
      message:
        '"tool" sent an answer whose compression cannot be read, or is cut off: does a proxy between change answers?',
    })
    expect(source.lines.join()).not.toContain('model ')
  })

  it('is read of an error too, where it tells what to do', async () => {
    const { source } = await sourceOf('gzip', gzipSync('Invalid Host header - possible DNS rebinding'), 403)
    expect((await source.failure()).message).toContain('allowed-hosts')
  })
})
