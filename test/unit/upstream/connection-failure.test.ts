import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SourceState } from '#lib/source-state.ts'
import { connectionFailure } from '#lib/upstream/connection-failure.ts'

const options = {
  source: { id: 'tool', url: 'https://tools.example:8443/secret/path' },
  http: { connectTimeout: 3_000, requestTimeout: 8_000, indexTimeout: 30_000, maxResponseBytes: 33_554_432 },
  state: new SourceState(),
  log: pino({ enabled: false }),
}
const broken = (code: string) => Object.assign(new Error('low level'), { code, data: 'what-the-source-wrote' })

const proxies = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']
beforeEach(() => {
  for (const name of proxies) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('an error of the connection', () => {
  it.each([
    ['ENOTFOUND', 'DOWN', 'cannot be found: the name tools.example does not resolve. Is "url" right?'],
    ['EAI_AGAIN', 'DOWN', 'cannot be found: the name tools.example does not resolve. Is "url" right?'],
    ['EHOSTUNREACH', 'DOWN', 'cannot be reached: no route to https://tools.example:8443.'],
    [
      'UND_ERR_CONNECT_TIMEOUT',
      'TIMEOUT',
      'took no connection at https://tools.example:8443 within 3 s: is the address right, and does no firewall stand between?',
    ],
    ['CERT_HAS_EXPIRED', 'DOWN', 'shows a certificate at https://tools.example:8443 that has expired: renew it.'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'DOWN',
      'shows a certificate at https://tools.example:8443 that was issued for another name: is the host in "url" right?',
    ],
    [
      'HPE_INVALID_CONSTANT',
      'BAD_RESPONSE',
      'does not speak HTTP as expected at https://tools.example:8443: is "url" right?',
    ],
    ['EPIPE', 'DOWN', 'broke the connection to https://tools.example:8443.'],
  ])('%s is %s in words for the reader', (code, reason, message) => {
    const { error } = connectionFailure(options, broken(code))
    expect(error).toMatchObject({ reason, message: `"tool" ${message}`, cause: { message: 'low level', code } })
    expect(JSON.stringify(error.cause)).not.toContain('what-the-source-wrote')
  })

  it.each([
    ['ECONNRESET', true],
    ['ECONNREFUSED', true],
    ['CERT_HAS_EXPIRED', false],
    ['UND_ERR_CONNECT_TIMEOUT', false],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', false],
  ])('%s is worth another attempt: %s', (code, again) => {
    expect(connectionFailure(options, broken(code)).again).toBe(again)
  })

  it('may be one of the proxy, where one is set up and the source is elsewhere', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://user:secret@proxy.example')
    const { message } = connectionFailure(options, broken('ECONNREFUSED')).error
    expect(message).toBe(
      '"tool" refuses connections at https://tools.example:8443: is it running? HTTP_PROXY or HTTPS_PROXY is set: is that proxy the way to it, or should NO_PROXY name the host?',
    )
    const local = { ...options, source: { ...options.source, url: 'http://[::1]:5000' } }
    expect(connectionFailure(local, broken('ECONNREFUSED')).error.message).toBe(
      '"tool" refuses connections at http://[::1]:5000: is it running?',
    )
  })
})
