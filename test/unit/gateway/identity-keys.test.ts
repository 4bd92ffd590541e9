import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeKey } from '#gateway/keys.ts'
import { gateway } from './graph.ts'

const risk = makeKey('risk')
const old = makeKey('old')
const keys = [
  { id: 'risk', hash: risk.hash, name: 'Risk reports', roles: ['reader', 'risk'] },
  { id: 'old', hash: old.hash, roles: ['reader'], expires: '2026-03-31' },
]

/** Whatever the gateway is asked from here comes from another computer, unless a test says otherwise. */
async function server(config: object = {}) {
  const own = await gateway({ config: { host: '0.0.0.0', keys, ...config } })
  const ask = (headers: Record<string, string>, remoteAddress = '10.1.2.3') =>
    own.app.inject({
      url: '/graphql?query={asked{subject}}',
      remoteAddress,
      headers: { host: 'gateway.example', 'content-type': 'application/json', ...headers },
    })
  return { ...own, ask, withKey: (key: string) => ask({ authorization: `Bearer ${key}` }) }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a key', () => {
  it('holds 256 random bits and its id, and the configuration only their hash', () => {
    expect(risk.key).toMatch(/^mo_risk_[\w-]{43}$/)
    expect(risk.hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(makeKey('risk').key).not.toBe(risk.key)
  })

  it('is not needed for the page to explore the graph with, which is where a person gives it', async () => {
    const { app } = await server()
    const from = { remoteAddress: '10.1.2.3', headers: { host: 'gateway.example' } }
    expect((await app.inject({ url: '/', ...from })).statusCode).toBe(302)
    expect((await app.inject({ url: '/graphiql', ...from })).statusCode).not.toBe(401)
    expect((await app.inject({ url: '/graphql?query={asked{subject}}', ...from })).statusCode).toBe(401)
  })

  it('lets its caller in from anywhere, whatever the case of "Bearer"', async () => {
    const { ask } = await server()
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const answer = await ask({ authorization: `${scheme} ${risk.key}` })
      expect(answer.json()).toEqual({ data: { asked: { subject: 'key:risk' } } })
    }
  })

  it.each([
    ['another secret', risk.key.replace(/(?<=^mo_risk_)./, (first) => (first === 'A' ? 'B' : 'A'))],
    ['the secret of another key', old.key.replace('mo_old_', 'mo_risk_')],
    ['an unknown id', makeKey('nobody').key],
    ['more behind it', `${risk.key}A`],
    ['nothing behind the id', 'mo_risk_'],
    ['its hash in its place', risk.hash],
    ['the name of a property', 'mo_constructor_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('is refused with %s, and not told what is wrong', async (_, key) => {
    const { withKey, lines } = await server()
    const { statusCode, headers, body } = await withKey(key)
    expect(statusCode).toBe(401)
    expect(JSON.parse(body).errors[0]).toMatchObject({
      message: 'The credential is not accepted. Send a key of this gateway as "Authorization: Bearer …".',
      extensions: { code: 'UNAUTHENTICATED' },
    })
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="modelops", error="invalid_token", error_description="The credential is not accepted."',
    )
    expect(lines).toMatchObject([{ status: 401, reason: expect.stringMatching(/^not accepted: /) }])
    expect(JSON.stringify(lines)).not.toContain(key)
  })

  it('is accepted to the end of its last day in UTC, and then said to have expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { withKey, lines } = await server()
    vi.setSystemTime('2026-03-31T23:59:59Z')
    expect((await withKey(old.key)).statusCode).toBe(200)
    vi.setSystemTime('2026-04-01T00:00:00Z')
    const refused = await withKey(old.key)
    expect(refused.statusCode).toBe(401)
    expect(refused.json().errors[0].message).toMatch(/^The credential has expired\. /)
    expect(lines.at(-1)).toMatchObject({ reason: 'expired: key old' })
  })
})

describe('a gateway that others can reach', () => {
  it('asks everybody for a credential, who sits at its computer too', async () => {
    const { ask } = await server()
    for (const remoteAddress of ['10.1.2.3', '127.0.0.1']) {
      const { statusCode, body, headers } = await ask({ host: 'localhost' }, remoteAddress)
      expect(statusCode).toBe(401)
      expect(headers['www-authenticate']).toBe('Bearer realm="modelops"')
      expect(JSON.parse(body).errors[0].message).toBe(
        'This request does not say who asks. It has no Authorization header. Send a key of this gateway as "Authorization: Bearer …".',
      )
    }
  })

  it('starts when it knows keys', async () => {
    // A way to write 127.0.0.1 that is not taken for this computer, so that nobody else can reach the test.
    const own = await server({ host: '127.1' })
    expect(await own.listen()).toMatch(/^http:/)
    await own.close()
  })
})

describe('a gateway for this computer', () => {
  const here = { host: 'localhost:4000' }

  it('lets in as admin who sits there without a key, and with a key as its caller', async () => {
    const { ask } = await server({ host: '127.0.0.1' })
    expect((await ask(here, '127.0.0.1')).json().data.asked.subject).toBe('local')
    const withKey = await ask({ ...here, authorization: `Bearer ${risk.key}` }, '127.0.0.1')
    expect(withKey.json().data.asked.subject).toBe('key:risk')
  })

  it('answers what a proxy passes on when it carries a key', async () => {
    const { ask } = await server({ host: '127.0.0.1' })
    const passedOn = { 'x-forwarded-for': '10.1.2.3', host: 'gateway.example' }
    expect((await ask(passedOn, '127.0.0.1')).statusCode).toBe(401)
    expect((await ask({ ...passedOn, authorization: `Bearer ${risk.key}` }, '127.0.0.1')).statusCode).toBe(200)
  })

  it.each(['Bearer wrong', 'Bearer mo_risk_wrong', 'Bearer', 'Basic YTpi', '', `bearer=${risk.key}`])(
    'refuses the Authorization header "%s", also from there',
    async (authorization) => {
      for (const configured of [keys, []]) {
        const { ask } = await server({ host: '127.0.0.1', keys: configured })
        expect((await ask({ ...here, authorization }, '127.0.0.1')).statusCode).toBe(401)
      }
    },
  )
})
