import type { webcrypto } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** A key of an issuer, public and private part. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: webcrypto.CryptoKey
  readonly jwk: object
}

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** An issuer of which everything can be made wrong. Its keys and its documents are what `serve` holds, by path. */
export interface Issuer {
  readonly url: string
  /** Paths that were asked for. */
  readonly asked: string[]
  readonly serve: Map<string, (request: IncomingMessage, response: ServerResponse) => void>
  publish(...keys: SigningKey[]): void
  close(): Promise<void>
}

export const DISCOVERY = '/.well-known/openid-configuration'

export async function startIssuer(...keys: SigningKey[]): Promise<Issuer> {
  const asked: string[] = []
  const serve: Issuer['serve'] = new Map()
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const answer = serve.get(request.url ?? '')
    if (answer) answer(request, response)
    else response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const publish = (...published: SigningKey[]) =>
    void serve.set('/jwks', json({ keys: published.map(({ jwk }) => jwk) }))
  serve.set(DISCOVERY, json({ issuer: url, jwks_uri: `${url}/jwks` }))
  publish(...keys)
  return {
    ...{ url, asked, serve, publish },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const json = (value: unknown) => (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

export const AUDIENCE = 'https://modelops.example'

/** A token that is right, unless the test says otherwise; undefined takes a claim out. */
export async function tokenOf(
  { url }: Issuer,
  { kid, alg, privateKey }: SigningKey,
  claims: JWTPayload = {},
  header: object = {},
): Promise<string> {
  const seconds = Math.floor(Date.now() / 1_000)
  const right = { iss: url, aud: AUDIENCE, sub: 'someone', iat: seconds, exp: seconds + 300 }
  const given = Object.entries({ ...right, ...claims }).filter(([, value]) => value !== undefined)
  return await new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)
}
