import { createHmac } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { Caller } from '#lib/caller.ts'
import { gateway, subgraphs } from './graph.ts'
import { AUDIENCE, DISCOVERY, type Issuer, json, signingKey, startIssuer, tokenOf } from './identity-issuer.ts'

const key = await signingKey('k1')
const stranger = await signingKey('k1')
const rsa = await signingKey('rsa', 'RS256')
const rs512 = await signingKey('rs512', 'RS512')
const next = await signingKey('k2')

const issuer = await startIssuer(key, rsa, rs512)
const others: Issuer[] = []
async function another(...keys: Parameters<typeof startIssuer>): Promise<Issuer> {
  const started = await startIssuer(...keys)
  others.push(started)
  return started
}
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => {
  for (const one of [issuer, ...others]) await one.close()
})

/** A gateway that takes the issuer's tokens, who its last caller was, and how it answers a token. */
async function server(of: Issuer, oidc: object = {}, config: object = {}) {
  const callers: Caller[] = []
  const asked = (_: unknown, __: unknown, { caller }: { caller: Caller }) => {
    callers.push(caller)
    return { subject: caller.subject }
  }
  const own = await gateway({
    config: { host: '0.0.0.0', oidc: { issuer: of.url, audience: AUDIENCE, ...oidc }, ...config } as never,
    subgraphs: subgraphs({ serving: { Query: { asked } } }),
  })
  const ask = async (token: string) => {
    const answer = await own.app.inject({
      url: '/graphql?query={asked{subject}}',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    return { status: answer.statusCode, headers: answer.headers, ...answer.json() }
  }
  const callerOf = async (claims: JWTPayload) => {
    await ask(await tokenOf(of, key, claims))
    return callers.at(-1)
  }
  return { ...own, ask, callerOf }
}

const usual = await server(issuer)
const now = () => Math.floor(Date.now() / 1_000)
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token of the issuer', () => {
  it('lets its subject in', async () => {
    const { status, data } = await usual.ask(await tokenOf(issuer, key))
    expect({ status, data }).toEqual({ status: 200, data: { asked: { subject: 'someone' } } })
  })

  it('may be signed by any of its keys, with an allowed algorithm', async () => {
    expect((await usual.ask(await tokenOf(issuer, rsa))).status).toBe(200)
  })

  it('may be for several audiences', async () => {
    expect((await usual.ask(await tokenOf(issuer, key, { aud: ['other', AUDIENCE] }))).status).toBe(200)
  })

  it('may be off by the clocks’ tolerance', async () => {
    const token = await tokenOf(issuer, key, { exp: now() - 20, nbf: now() + 20 })
    expect((await usual.ask(token)).status).toBe(200)
    expect((await (await server(issuer, { clockToleranceSeconds: 5 })).ask(token)).status).toBe(401)
  })
})

const payload = () => ({ iss: issuer.url, aud: AUDIENCE, sub: 'someone', exp: now() + 300 })
const hmacWith = (secret: string) => {
  const signed = `${base64({ alg: 'HS256', kid: 'k1' })}.${base64(payload())}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
const changed = (token: string, claims: object) => {
  const [header, , signature] = token.split('.')
  return `${header}.${base64({ ...payload(), ...claims })}.${signature}`
}

const wrong: [what: string, token: () => string | Promise<string>, reason: string][] = [
  ['alg none', () => `${base64({ alg: 'none' })}.${base64(payload())}.`, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['alg None', () => `${base64({ alg: 'None', kid: 'k1' })}.${base64(payload())}.`, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['HS256 over the public key', () => hmacWith(JSON.stringify(key.jwk)), 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['an algorithm that is not allowed', () => tokenOf(issuer, rs512), 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['a signature of another key', () => tokenOf(issuer, stranger), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  [
    'claims that were changed',
    async () => changed(await tokenOf(issuer, key), { sub: 'admin' }),
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  ],
  ['the key of another algorithm', () => tokenOf(issuer, key, {}, { kid: 'rsa' }), 'ERR_JWKS_NO_MATCHING_KEY'],
  ['an unknown kid', () => tokenOf(issuer, next), 'ERR_JWKS_NO_MATCHING_KEY'],
  [
    'a key of its own',
    () => tokenOf(issuer, stranger, {}, { jwk: stranger.jwk }),
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  ],
  [
    'an extension that must be understood',
    () => `${base64({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 })}.${base64(payload())}.AAAA`,
    'ERR_JOSE_NOT_SUPPORTED',
  ],
  ['no expiry', () => tokenOf(issuer, key, { exp: undefined } as never), 'ERR_JWT_CLAIM_VALIDATION_FAILED exp missing'],
  [
    'an expiry that is no number',
    () => tokenOf(issuer, key, { exp: 'never' as never }),
    'ERR_JWT_CLAIM_VALIDATION_FAILED exp invalid',
  ],
  [
    'no subject',
    () => tokenOf(issuer, key, { sub: undefined } as never),
    'ERR_JWT_CLAIM_VALIDATION_FAILED sub missing',
  ],
  [
    'a start that is to come',
    () => tokenOf(issuer, key, { nbf: now() + 60 }),
    'ERR_JWT_CLAIM_VALIDATION_FAILED nbf check_failed',
  ],
  [
    'another issuer',
    () => tokenOf(issuer, key, { iss: `${issuer.url}/` }),
    'ERR_JWT_CLAIM_VALIDATION_FAILED iss check_failed',
  ],
  ['no issuer', () => tokenOf(issuer, key, { iss: undefined } as never), 'ERR_JWT_CLAIM_VALIDATION_FAILED iss missing'],
  [
    'another audience',
    () => tokenOf(issuer, key, { aud: 'https://other.example' }),
    'ERR_JWT_CLAIM_VALIDATION_FAILED aud check_failed',
  ],
  [
    'no audience',
    () => tokenOf(issuer, key, { aud: undefined } as never),
    'ERR_JWT_CLAIM_VALIDATION_FAILED aud missing',
  ],
  ['no token in its place', () => 'nonsense', 'ERR_JWS_INVALID'],
  ['encrypted content', () => 'a.b.c.d.e', 'ERR_JWS_INVALID'],
]

describe('a token is refused', () => {
  it.each(wrong)('with %s', async (_, made, reason) => {
    const own = await server(issuer)
    const token = await made()
    const { status, headers, errors, data } = await own.ask(token)
    expect(status).toBe(401)
    expect(data).toBeUndefined()
    expect(errors[0].message).toBe(
      `The credential is not accepted. Send an access token of ${issuer.url} as "Authorization: Bearer …".`,
    )
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="modelops", error="invalid_token"/)
    const refused = own.lines.filter(({ msg }) => msg === 'refused')
    expect(refused).toMatchObject([{ code: 'UNAUTHENTICATED', reason: expect.stringContaining(reason) }])
    expect(JSON.stringify(own.lines)).not.toContain(token)
  })

  it('once it has expired, and that is said', async () => {
    const { status, errors, headers } = await usual.ask(await tokenOf(issuer, key, { exp: now() - 60 }))
    expect(status).toBe(401)
    expect(errors[0].message).toMatch(/^The credential has expired\. /)
    expect(headers['www-authenticate']).toContain('error_description="The credential has expired."')
  })

  it('at this computer, too', async () => {
    const own = await server(issuer, {}, { host: '127.0.0.1' })
    expect((await own.ask(await tokenOf(issuer, stranger))).status).toBe(401)
  })
})

describe('the roles of a token', () => {
  const rolesWith = async (oidc: object, claims: JWTPayload) =>
    (await (await server(issuer, oidc)).callerOf(claims))?.roles

  it.each<[string, object, JWTPayload, string[]]>([
    ['are those in "roles"', {}, { roles: ['reader', 'risk'] }, ['reader', 'risk']],
    ['can be words', {}, { roles: 'reader risk' }, ['reader', 'risk']],
    ['are none where the claim is not there', {}, {}, []],
    ['are none where the claim is something else', {}, { roles: { admin: true } }, []],
    ['are the texts among other things', {}, { roles: ['reader', 7, null, ''] }, ['reader']],
    ['can lie deeper', { rolesClaim: 'realm_access.roles' }, { realm_access: { roles: ['risk'] } }, ['risk']],
    [
      'can lie under a name with dots',
      { rolesClaim: 'https://a.example/r' },
      { 'https://a.example/r': ['risk'] },
      ['risk'],
    ],
    ['are not what every object has', { rolesClaim: 'constructor.name' }, {}, []],
    [
      'are those they are named to be',
      { roles: { G1: 'risk', G2: 'risk' } },
      { roles: ['G1', 'G2', 'admin'] },
      ['risk'],
    ],
    ['are not what every object is', { roles: { G1: 'risk' } }, { roles: ['constructor', 'toString'] }, []],
  ])('%s', async (_, oidc, claims, roles) => {
    expect(await rolesWith(oidc, claims)).toEqual(roles)
  })

  it('come with name and scopes', async () => {
    const own = await server(issuer)
    expect(await own.callerOf({ name: 'Risk reports', scope: 'read  attest' })).toEqual({
      ...{ subject: 'someone', name: 'Risk reports', roles: [], scopes: ['read', 'attest'] },
    })
    const other = await server(issuer, { nameClaim: 'preferred_username' })
    expect((await other.callerOf({ preferred_username: 'risk' }))?.name).toBe('risk')
  })
})

describe('the keys of the issuer', () => {
  it('are read once for all who wait, and kept', async () => {
    const own = await another(key)
    const { ask } = await server(own)
    const token = await tokenOf(own, key)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(token)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    await ask(token)
    expect(own.asked).toEqual([DISCOVERY, '/jwks'])
  })

  it('are read again when a token names a new one, at most every 30 seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const own = await another(key)
    const { ask } = await server(own)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    own.publish(next)
    expect((await ask(await tokenOf(own, next))).status).toBe(401)
    expect(own.asked).toHaveLength(2)
    vi.setSystemTime(Date.now() + 30_000)
    expect((await ask(await tokenOf(own, next))).status).toBe(200)
    expect((await ask(await tokenOf(own, key))).status).toBe(401)
    expect(own.asked).toHaveLength(4)
  })

  it('that were taken back are accepted for 10 minutes more', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const own = await another(key, next)
    const { ask } = await server(own)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    own.publish(next)
    vi.setSystemTime(Date.now() + 9 * 60_000)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    vi.setSystemTime(Date.now() + 60_000)
    expect((await ask(await tokenOf(own, key))).status).toBe(401)
  })

  it('are kept for a day while the issuer is down, which is then told as such', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const own = await another(key)
    const { ask, lines } = await server(own)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    own.serve.clear()
    vi.setSystemTime(Date.now() + 23 * 3_600_000)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    expect(own.asked).toHaveLength(3)
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 40, why: `${own.url} answered with HTTP status 503`, kept: true }),
    )
    vi.setSystemTime(Date.now() + 3_600_000)
    const { status, errors } = await ask(await tokenOf(own, key))
    expect(status).toBe(503)
    expect(errors[0]).toMatchObject({ extensions: { code: 'IDENTITY_UNAVAILABLE' } })
  })

  it('are asked for again after an issuer that was down at first', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const own = await another(key)
    const found = own.serve.get(DISCOVERY)
    own.serve.delete(DISCOVERY)
    const { ask } = await server(own)
    expect((await ask(await tokenOf(own, key))).status).toBe(503)
    if (found) own.serve.set(DISCOVERY, found)
    expect((await ask(await tokenOf(own, key))).status).toBe(503)
    vi.setSystemTime(Date.now() + 30_000)
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
  })

  it('are waited for 3 seconds, and then for half a minute not at all', async () => {
    const own = await another(key)
    own.serve.set('/jwks', () => {})
    const { ask, lines } = await server(own)
    const token = await tokenOf(own, key)
    expect((await ask(token)).status).toBe(503)
    expect(lines).toContainEqual(expect.objectContaining({ why: `${own.url} did not answer in time` }))
    expect((await ask(token)).status).toBe(503)
    expect(own.asked).toEqual([DISCOVERY, '/jwks'])
  })

  const large = json({ keys: [key.jwk], more: 'x'.repeat(300_000) })
  it.each<[string, (own: Issuer) => void, string]>([
    [
      'an issuer of another name',
      (own) => own.serve.set(DISCOVERY, json({ issuer: `${own.url}/`, jwks_uri: `${own.url}/jwks` })),
      'another issuer',
    ],
    [
      'keys on another host',
      (own) => own.serve.set(DISCOVERY, json({ issuer: own.url, jwks_uri: `${issuer.url}/jwks` })),
      'set gateway.oidc.jwksUrl',
    ],
    ['no address of keys', (own) => own.serve.set(DISCOVERY, json({ issuer: own.url })), 'no jwks_uri'],
    ['a document that is null', (own) => own.serve.set(DISCOVERY, json(null)), 'another issuer'],
    [
      'a redirect',
      (own) =>
        own.serve.set('/jwks', (_, response) => void response.writeHead(302, { location: `${issuer.url}/jwks` }).end()),
      'HTTP status 302',
    ],
    ['too much', (own) => own.serve.set('/jwks', large), 'more than 262144 bytes'],
    ['a web page', (own) => own.serve.set('/jwks', (_, response) => void response.end('<html>')), 'no JSON'],
    [
      'half an answer',
      (own) =>
        own.serve.set(
          '/jwks',
          (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
        ),
      'broke off',
    ],
    ['something else', (own) => own.serve.set('/jwks', json(['k1'])), 'JSON Web Key Set malformed'],
  ])('are not taken from %s', async (_, spoil, why) => {
    const own = await another(key)
    spoil(own)
    const { ask, lines } = await server(own)
    expect((await ask(await tokenOf(own, key))).status).toBe(503)
    expect(lines).toContainEqual(expect.objectContaining({ issuer: own.url, why: expect.stringContaining(why) }))
  })

  it('are taken from jwksUrl without asking for anything else', async () => {
    const own = await another(key)
    const { ask } = await server(own, { jwksUrl: `${issuer.url}/jwks` })
    expect((await ask(await tokenOf(own, key))).status).toBe(200)
    expect(own.asked).toEqual([])
  })
})
