import { createRemoteJWKSet, importJWK, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Caller } from '../caller.ts'
import { ReaderError } from '../reader-error.ts'
import { algorithm, howToMake, issuer, readSharedKey } from './key.ts'

/** Whose tokens a subgraph accepts: those of a public key at hand (a JWK as JSON), or of the keys published at an address. */
export type Trusted = { readonly jwk: string } | { readonly url: string }

/** Tells for whom the gateway asks. */
export interface TokenCheck {
  /** The caller that the token in an `Authorization` header vouches for. Throws why there is none, for the log. */
  callerOf(authorization: string | undefined): Promise<Caller>
  close(): void
}

const claims = z.object({
  sub: z.string(),
  name: z.string().optional(),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
})

/** Checks tokens that are meant for one subgraph. Throws a ReaderError when what it should trust is no key. */
export async function createTokenCheck(trusted: Trusted, subgraph: string, log: Logger): Promise<TokenCheck> {
  const { keys, close } = 'jwk' in trusted ? await keyAtHand(trusted.jwk) : publishedKeys(trusted.url, log)
  const options = { algorithms: [algorithm], issuer, audience: subgraph, requiredClaims: ['exp', 'sub'] }
  return {
    async callerOf(authorization) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
      if (token === undefined) throw new Error('there is no token')
      const { payload } = await jwtVerify(token, keys, options)
      const { sub: subject, name, ...rest } = claims.parse(payload)
      return { subject, ...(name !== undefined && { name }), ...rest }
    },
    close,
  }
}

interface Keys {
  readonly keys: JWTVerifyGetKey
  close(): void
}

async function keyAtHand(text: string): Promise<Keys> {
  const shared = readSharedKey(text)
  const key = shared && (await importJWK(shared, algorithm).catch(() => undefined))
  if (!key) throw new ReaderError(`The gateway's public key is no Ed25519 JWK. ${howToMake}`)
  return { keys: async () => key, close: () => {} }
}

const REFRESH = 5 * 60_000

/**
 * Keys are read when first needed, when a token names an unknown one, and every five minutes, so that one that is gone
 * from there is soon gone here. While the gateway does not answer, they stay as they are.
 */
function publishedKeys(address: string, log: Logger): Keys {
  if (!URL.canParse(address)) throw new ReaderError("The address of the gateway's public keys is none.")
  const keys = createRemoteJWKSet(new URL(address), { cacheMaxAge: Number.POSITIVE_INFINITY, timeoutDuration: 3_000 })
  const refresh = () =>
    keys.reload().catch((error: Error) => log.warn({ reason: error.message }, "the gateway's keys could not be read"))
  const timer = setInterval(refresh, REFRESH).unref()
  return { keys, close: () => clearInterval(timer) }
}
