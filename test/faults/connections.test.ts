import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Secret } from '#lib/config/secret.ts'
import { type FaultServer, type FaultServerOptions, startFaultServer } from './proxy.ts'
import { PASSWORD, type TestSource, testSource } from './source.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)
const tls = {
  key: readFileSync(fixture('test-only.key.pem'), 'utf8'),
  cert: readFileSync(fixture('test-only.cert.pem'), 'utf8'),
}
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const each of opened.splice(0).reverse()) await each.close()
})
const serve = async (options?: FaultServerOptions): Promise<FaultServer> => {
  const server = await startFaultServer(options)
  opened.push(server)
  return server
}
const open = (...given: Parameters<typeof testSource>): TestSource => {
  const source = testSource(...given)
  opened.push(source)
  return source
}

describe('the certificate', () => {
  it('that nobody vouches for is refused, with the way out, and is not asked for twice', async () => {
    const server = await serve({ tls })
    const error = await open(server.url).failure()
    expect(error).toMatchObject({
      reason: 'DOWN',
      message: `"tool" shows a certificate at ${server.url} that is not trusted: set tls.caFile to the authority that issued it.`,
    })
    expect(server.calls).toHaveLength(0)
  })

  it('is trusted when its authority is in tls.caFile', async () => {
    const { url } = await serve({ tls })
    const source = open(url, { source: { tls: { caFile: fixture('test-only.cert.pem'), insecure: false } } })
    expect((await source.get()).json()).toEqual({ ok: true })
  })

  it('is not looked at with tls.insecure', async () => {
    const { url } = await serve({ tls })
    expect((await open(url, { source: { tls: { insecure: true } } }).get()).status).toBe(200)
  })

  it('is looked for in a file that must be there', () => {
    const gone = () => testSource('https://127.0.0.1', { source: { tls: { caFile: '/gone.pem', insecure: false } } })
    expect(gone).toThrow('The file "/gone.pem" in tls.caFile of source "tool" cannot be read.')
  })

  it('is missing where http was meant', async () => {
    const { url } = await serve()
    const error = await open(url.replace('http:', 'https:')).failure()
    expect(error.message).toBe(
      `"tool" does not speak TLS as expected at ${url.replace('http:', 'https:')}: is it http instead of https?`,
    )
  })
})

describe('the credentials', () => {
  it.each([
    [
      'basic',
      { basic: { username: 'reader', password: new Secret('påss') } },
      'authorization',
      'Basic cmVhZGVyOnDDpXNz',
    ],
    ['bearer', { bearer: new Secret('t0ken') }, 'authorization', 'Bearer t0ken'],
    ['header', { header: { name: 'X-Api-Key', value: new Secret('k3y') } }, 'x-api-key', 'k3y'],
  ] as const)('go along as %s', async (_, auth, header, value) => {
    const server = await serve()
    await open(server.url, { source: { auth } }).get()
    expect(server.calls[0]?.headers[header]).toBe(value)
    expect(server.calls[0]?.headers).not.toHaveProperty('origin')
  })

  it('must fit into a header, which is told at the start and not by showing them', () => {
    const broken = () => testSource('http://127.0.0.1', { source: { auth: { bearer: new Secret('top\nsecret') } } })
    expect(broken).toThrow(/^The auth\.bearer of source "tool" has a character that HTTP cannot carry/)
    expect(broken).not.toThrow('secret')
  })

  it('are asked for where there are none', async () => {
    const server = await serve()
    await server.fault({ kind: 'answer', status: 401 })
    expect((await open(server.url, { source: { auth: undefined } }).failure()).message).toBe(
      '"tool" wants credentials (status 401): give it "auth" with one of basic, bearer and header.',
    )
    expect(server.calls[0]?.headers).not.toHaveProperty('authorization')
  })
})

describe('the way to the source', () => {
  it('is found over IPv6 alone, on a machine that has IPv6', async () => {
    if (!hasIpv6) return expect(serve({ host: '::1' })).rejects.toThrow()
    const { url } = await serve({ host: '::1' })
    expect((await open(url).get()).status).toBe(200)
  })

  it('keeps to redirects within the same origin, credentials included', async () => {
    const server = await serve({
      answer: ({ path }) => (path === '/base/models' ? { status: 308, headers: { location: 'models/?page=1' } } : {}),
    })
    expect((await open(`${server.url}/base`).get()).json()).toEqual({ ok: true })
    expect(server.calls.map(({ path, headers }) => [path, headers.authorization !== undefined])).toEqual([
      ['/base/models', true],
      ['/base/models/?page=1', true],
    ])
  })

  it('does not lead elsewhere by POST', async () => {
    const server = await serve({ answer: () => ({ status: 307, headers: { location: '/other' } }) })
    const error = await open(server.url).failure({ method: 'POST', json: {} })
    expect(error).toMatchObject({ reason: 'BAD_RESPONSE', status: 307 })
    expect(server.calls).toHaveLength(1)
  })

  it('goes through the proxy of the environment, but not to this computer', async () => {
    const proxy = await serve({ answer: ({ path }) => ({ body: JSON.stringify({ path }) }) })
    vi.stubEnv('http_proxy', proxy.url)
    vi.stubEnv('no_proxy', 'direct.invalid')
    const through = await open('http://tool.invalid').get('/models')
    expect(through.json()).toEqual({ path: 'http://tool.invalid/models' })
    await open('http://direct.invalid').failure()
    const server = await serve()
    expect((await open(server.url).get()).json()).toEqual({ ok: true })
    expect(proxy.calls).toHaveLength(1)
  })

  it('is told of in the log without query, body and credentials', async () => {
    const server = await serve()
    const source = open(server.url)
    const call = { signal: new AbortController().signal }
    await source.request({ method: 'POST', path: '/search', query: { q: 'asked-for' }, json: { q: 'asked-for' } }, call)
    expect(source.lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 20, source: 'tool', method: 'POST', path: '/search', status: 200, ms: expect.any(Number), attempt: 1 },
    ])
    expect(source.lines.join()).not.toMatch(/asked-for|Basic/)
    expect(source.lines.join()).not.toContain(PASSWORD)
  })
})

it('stands as a proxy in front of another server, and fails in its place', async () => {
  const behind = await serve({ answer: ({ method, path, body }) => ({ body: JSON.stringify({ method, path, body }) }) })
  const proxy = await serve({ target: behind.url })
  const source = open(proxy.url)
  const call = { signal: new AbortController().signal }
  const request = { method: 'POST', path: '/a%2Fb', query: { page: 2 }, json: [1] } as const
  expect((await source.request(request, call)).json()).toEqual({ method: 'POST', path: '/a%2Fb?page=2', body: '[1]' })
  await proxy.fault({ kind: 'answer', status: 401 })
  expect((await source.failure()).reason).toBe('FORBIDDEN')
  expect(behind.calls).toHaveLength(1)
})
