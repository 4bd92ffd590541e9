import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { base64url, decodeJwt, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTokenCheck } from '#lib/internal-token/check.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { createTokenSigner } from '#lib/internal-token/signer.ts'
import { createLog } from '#lib/log.ts'

const log = createLog('silent')
const caller = { subject: 'key:reports', name: 'Risk report', roles: ['risk', 'reader'], scopes: ['read'] }

async function pair() {
  const { secret, shared } = await makeInternalKey()
  const signer = await createTokenSigner(JSON.stringify(secret))
  const check = await createTokenCheck({ jwk: JSON.stringify(shared) }, 'models', log)
  return { secret, shared, signer, check }
}
const { secret, signer, check } = await pair()
const callerOf = (token: string, checking = check) => checking.callerOf(`Bearer ${token}`)

afterEach(() => vi.useRealTimers())

describe('the token of the gateway', () => {
  it('tells the subgraph that it is for who asks', async () => {
    expect(await callerOf(await signer.tokenFor(caller, 'models'))).toEqual(caller)
    const nameless = { subject: 'local', roles: [], scopes: [] }
    expect(await callerOf(await signer.tokenFor(nameless, 'models'))).toEqual(nameless)
  })

  it('holds for 60 seconds, and is another one after 30', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const token = await signer.tokenFor({ ...caller, subject: 'timed' }, 'models')
    const { exp = 0, iat = 0 } = decodeJwt(token)
    expect(exp - iat).toBe(60)
    vi.advanceTimersByTime(29_000)
    expect(await signer.tokenFor({ ...caller, subject: 'timed' }, 'models')).toBe(token)
    vi.advanceTimersByTime(2_000)
    expect(await signer.tokenFor({ ...caller, subject: 'timed' }, 'models')).not.toBe(token)
    vi.advanceTimersByTime(27_000)
    expect(await callerOf(token)).toMatchObject({ subject: 'timed' })
    vi.advanceTimersByTime(3_000)
    await expect(callerOf(token)).rejects.toThrow('exp')
  })

  it('is another one for each caller and each subgraph', async () => {
    const tokens = await Promise.all([
      signer.tokenFor(caller, 'models'),
      signer.tokenFor(caller, 'serving'),
      signer.tokenFor({ ...caller, roles: ['reader'] }, 'models'),
    ])
    expect(new Set(tokens).size).toBe(3)
  })

  it('is not accepted by another subgraph', async () => {
    await expect(callerOf(await signer.tokenFor(caller, 'serving'))).rejects.toThrow('"aud"')
  })

  it('of another gateway is not accepted', async () => {
    const { signer: other } = await pair()
    await expect(callerOf(await other.tokenFor(caller, 'models'))).rejects.toThrow('signature')
  })

  it.each([undefined, '', 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer nonsense'])('is not "%s"', async (header) => {
    await expect(check.callerOf(header)).rejects.toThrow()
  })
})

describe('a token made elsewhere', () => {
  const payload = { iss: 'modelops-gateway', aud: 'models', sub: 'x', roles: ['admin'], scopes: [] }
  const encoded = (value: object) => base64url.encode(JSON.stringify(value))
  const exp = Math.floor(Date.now() / 1_000) + 60

  it('without a signature is not accepted', async () => {
    const token = `${encoded({ alg: 'none' })}.${encoded({ ...payload, exp })}.`
    await expect(callerOf(token)).rejects.toThrow('"alg"')
  })

  it('signed with the public key as a password is not accepted', async () => {
    const password = base64url.decode(secret.x)
    const token = await new SignJWT({ ...payload, exp }).setProtectedHeader({ alg: 'HS256' }).sign(password)
    await expect(callerOf(token)).rejects.toThrow('"alg"')
  })

  it('signed in another way is not accepted', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const token = await new SignJWT({ ...payload, exp }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    await expect(callerOf(token)).rejects.toThrow('"alg"')
  })

  const withKey = async (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).sign(await importJWK(secret, 'EdDSA'))
  const { roles: _, ...roleless } = payload
  it.each([
    ['no end', payload],
    ['another issuer', { ...payload, exp, iss: 'https://issuer.example' }],
    ['nobody', { ...payload, exp, sub: undefined }],
    ['no roles', { ...roleless, exp }],
    ['roles of another form', { ...payload, exp, roles: 'admin' }],
  ])('that has %s is not accepted, even with the right key', async (_what, claims) => {
    await expect(callerOf(await withKey(claims as JWTPayload))).rejects.toThrow()
    expect(await callerOf(await withKey({ ...payload, exp }))).toMatchObject({ roles: ['admin'] })
  })
})

describe('the published key of the gateway', () => {
  let server: Server | undefined
  let published: object = { keys: [] }
  let reads = 0
  afterEach(() => server?.close())

  async function publish(): Promise<string> {
    reads = 0
    server = createServer((_request, response) => {
      reads += 1
      response.setHeader('connection', 'close').end(JSON.stringify(published))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('is read once, and is kept while the gateway does not answer', async () => {
    const gateway = await pair()
    published = gateway.signer.jwks
    const remote = await createTokenCheck({ url: await publish() }, 'models', log)
    const token = await gateway.signer.tokenFor(caller, 'models')
    expect(await callerOf(token, remote)).toEqual(caller)
    server?.close()
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 3_600_000)
    const later = await createTokenSigner(JSON.stringify(gateway.secret))
    expect(await callerOf(await later.tokenFor(caller, 'models'), remote)).toEqual(caller)
    expect(reads).toBe(1)
    remote.close()
  })

  it('is read again when a token has another one', async () => {
    const [before, after] = [await pair(), await pair()]
    published = before.signer.jwks
    const remote = await createTokenCheck({ url: await publish() }, 'models', log)
    await callerOf(await before.signer.tokenFor(caller, 'models'), remote)
    published = after.signer.jwks
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 31_000)
    const renewed = await after.signer.tokenFor({ ...caller, subject: 'renewed' }, 'models')
    expect(await callerOf(renewed, remote)).toMatchObject({ subject: 'renewed' })
    await expect(callerOf(await before.signer.tokenFor(caller, 'serving'), remote)).rejects.toThrow()
    remote.close()
  })

  it('is read again every five minutes, and then one that is gone is not accepted', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const gateway = await pair()
    published = gateway.signer.jwks
    const remote = await createTokenCheck({ url: await publish() }, 'models', log)
    const token = await gateway.signer.tokenFor(caller, 'models')
    expect(await callerOf(token, remote)).toEqual(caller)
    published = { keys: [] }
    vi.advanceTimersByTime(5 * 60_000)
    await expect.poll(() => callerOf(token, remote).catch(() => 'refused')).toBe('refused')
    remote.close()
  })

  it('holds nothing that signs', () => {
    expect(JSON.stringify(signer.jwks)).not.toContain(secret.d)
    expect(Object.keys(signer.jwks.keys[0] ?? {})).not.toContain('d')
  })
})

describe('what is no key', () => {
  it.each(['', '{', '{}', '{"kty":"oct","k":"c2VjcmV0"}', '{"kty":"OKP","crv":"Ed25519","x":"!","d":"!"}'])(
    '%s is refused in words that do not repeat it',
    async (text) => {
      await expect(createTokenSigner(text)).rejects.toThrow(/^The gateway's internal key is no private Ed25519 JWK/)
      await expect(createTokenCheck({ jwk: text }, 'models', log)).rejects.toThrow(/npx modelops key --internal$/)
    },
  )
})
