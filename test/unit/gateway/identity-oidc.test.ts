import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Caller } from '#lib/caller.ts'
import { gateway, subgraphs } from './graph.ts'
import { AUDIENCE } from './identity-issuer.ts'

const REPORTS = 'reports as reader, risk'

const client = { client_id: 'reports', client_secret: 'not-used-elsewhere' }

/** What the provider signs with, under a name of its own. */
async function privateKey(kid: string, alg: string) {
  const { privateKey: key } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(key)), kid, alg, use: 'sig' }
}

let handle: RequestListener = (_, response) => void response.writeHead(503).end()
const server = createServer((request, response) => handle(request, response))
let issuer = ''

/** Starts an issuer that gives programs access tokens for the gateway; one after another under the same address. */
async function startProvider(kid: string, alg: 'RS256' | 'ES256', audience = AUDIENCE): Promise<void> {
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    jwks: { keys: [await privateKey(kid, alg)] as never },
    // One RS256 key is what it wants for ID tokens, which this client never gets.
    clientDefaults: { id_token_signed_response_alg: alg },
    extraTokenClaims: () => ({ roles: ['reader', 'risk'] }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          ...{ scope: 'read', audience, accessTokenFormat: 'jwt', accessTokenTTL: 60 },
          jwt: { sign: { alg } },
        }),
      },
    },
  })
  handle = provider.callback()
}

async function accessToken(): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read', resource: AUDIENCE }),
  })
  const { access_token: token, ...rest } = (await response.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`The provider gave no token: ${JSON.stringify(rest)}`)
  return token
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function askers() {
  const asked = (_: unknown, __: unknown, { caller }: { caller: Caller }) => ({
    subject: `${caller.subject} as ${caller.roles.join(', ')}`,
  })
  const own = await gateway({
    config: { host: '0.0.0.0', oidc: { issuer, audience: AUDIENCE } } as never,
    subgraphs: subgraphs({ serving: { Query: { asked } } }),
  })
  return async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await own.app.inject({ url: '/graphql?query={asked{subject}}', headers })
    return answer.json().data?.asked.subject ?? answer.statusCode
  }
}

describe('with a real issuer (oidc-provider)', () => {
  it('its access tokens let in, its keys found by discovery', async () => {
    await startProvider('first', 'RS256')
    expect(await (await askers())(await accessToken())).toBe(REPORTS)
  })

  it('its tokens for others do not', async () => {
    await startProvider('first', 'RS256', 'https://other.example')
    expect(await (await askers())(await accessToken())).toBe(401)
  })

  it('a token that ran out does not', async () => {
    await startProvider('first', 'ES256')
    const ask = await askers()
    const token = await accessToken()
    expect(await ask(token)).toBe(REPORTS)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 91_000)
    expect(await ask(token)).toBe(401)
    vi.useRealTimers()
  })

  it('new keys are found after it changed them, and its outage locks nobody out', async () => {
    await startProvider('first', 'RS256')
    const ask = await askers()
    const before = await accessToken()
    expect(await ask(before)).toBe(REPORTS)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 30_000)
    await startProvider('second', 'ES256')
    const after = await accessToken()
    expect(await ask(after)).toBe(REPORTS)
    expect(await ask(before)).toBe(401)
    handle = (_, response) => void response.writeHead(503).end()
    expect(await ask(after)).toBe(REPORTS)
    vi.useRealTimers()
  })
})
