import { describe, expect, it } from 'vitest'
import { gateway } from './graph.ts'

const server = await gateway({ webRoot: import.meta.dirname })

function get(url: string, { remoteAddress = '127.0.0.1', ...headers }: Record<string, string> = {}) {
  return server.app.inject({ method: 'GET', url, remoteAddress, headers: { host: 'localhost:4000', ...headers } })
}

const query = '/graphql?query={answer}'
const json = { 'content-type': 'application/json' }

describe('who is answered', () => {
  it.each([
    'localhost',
    'localhost:4000',
    'LocalHost',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.1.2.3:9',
    '[::1]',
    '[::1]:4000',
  ])('this computer, asked for as %s', async (host) =>
    expect((await get(query, { host, ...json })).json()).toEqual({ data: { answer: 42 } }),
  )

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('this computer, from %s', async (remoteAddress) =>
    expect((await get(query, { remoteAddress, ...json })).statusCode).toBe(200),
  )

  it.each([
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.evil.example',
    'localhost:4000@evil.example',
    'evil.example#localhost',
    '[::2]',
    '[localhost]',
    '0.0.0.0',
    '10.0.0.1',
  ])('nobody who asks for "%s"', async (host) => {
    for (const url of [query, '/graphiql', '/', '/nothing'])
      expect((await get(url, { host, ...json })).statusCode).toBe(401)
  })

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1'])('nobody at %s', async (remoteAddress) =>
    expect((await get(query, { remoteAddress, ...json })).statusCode).toBe(401),
  )

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])(
    'nobody behind a proxy (%s)',
    async (name) => expect((await get(query, { [name]: '127.0.0.1', ...json })).statusCode).toBe(401),
  )

  it('is told in words when they are not, with what would be accepted', async () => {
    const { headers, statusCode, body } = await get(query, { host: 'evil.example', ...json })
    expect(statusCode).toBe(401)
    expect(headers['www-authenticate']).toBe('Bearer realm="modelops"')
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message:
            'This request does not say who asks. Without a credential, only the computer that the gateway runs on is answered. ' +
            'This request asks for another name than localhost or 127.0.0.1. ' +
            'This gateway knows no credentials: neither gateway.keys nor gateway.oidc is configured.',
          extensions: { code: 'UNAUTHENTICATED', requestId: headers['x-request-id'] },
        },
      ],
    })
  })

  it('is anybody for the health of the gateway', async () => {
    const from = { remoteAddress: '10.1.2.3', host: 'evil.example' }
    expect((await get('/health/live', from)).statusCode).toBe(200)
    expect((await get('/health/ready', from)).statusCode).toBe(200)
  })

  it('is whoever an identity of one’s own lets in', async () => {
    const own = await gateway({
      identify: async ({ headers }) =>
        headers.authorization === 'Bearer good'
          ? { caller: { subject: 'someone', roles: [], scopes: [] } }
          : { refusal: { status: 403, message: 'Not you.', challenge: 'Bearer' } },
    })
    const ask = (authorization: string) =>
      own.app.inject({
        url: '/graphql?query={asked{subject}}',
        remoteAddress: '10.1.2.3',
        headers: { authorization, ...json },
      })
    expect((await ask('Bearer good')).json()).toEqual({ data: { asked: { subject: 'someone' } } })
    const refused = await ask('Bearer bad')
    expect(refused.statusCode).toBe(403)
    expect(refused.json().errors[0]).toMatchObject({ message: 'Not you.', extensions: { code: 'FORBIDDEN' } })
  })
})

describe('listening', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'gateway.example'])(
    'is refused on %s, which others can reach',
    async (host) => {
      const open = await gateway({ config: { host } })
      await expect(open.listen()).rejects.toThrow(`only listens on this computer, and gateway.host is "${host}"`)
      expect(open.app.server.listening).toBe(false)
    },
  )

  it('tells when the port is taken, and what to do', async () => {
    const first = await gateway()
    const port = Number(new URL(await first.listen()).port)
    const second = await gateway({ config: { port } })
    await expect(second.listen()).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken by another program.`)
    await first.close()
  })
})
