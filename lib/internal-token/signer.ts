import { calculateJwkThumbprint, importJWK, type JSONWebKeySet, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../caller.ts'
import { ReaderError } from '../reader-error.ts'
import { algorithm, howToMake, issuer, readSecretKey } from './key.ts'

/** Seconds for which a token holds. */
const HOLDS = 60

/** Seconds for which it is handed out, so that it still holds where the clock is a little ahead. */
const REUSED = 30

/** Vouches to subgraphs for the caller that the gateway asks for. */
export interface TokenSigner {
  /** A token that only one subgraph accepts, for 30 to 60 seconds from now. */
  tokenFor(caller: Caller, subgraph: string): Promise<string>
  /** The public half of the key, to publish. */
  readonly jwks: JSONWebKeySet
}

/** Signs with the gateway's private key, a JWK as JSON. Throws a ReaderError when it is none; the error holds nothing of it. */
export async function createTokenSigner(text: string): Promise<TokenSigner> {
  const secret = readSecretKey(text)
  const key = secret && (await importJWK(secret, algorithm).catch(() => undefined))
  if (!secret || !key) throw new ReaderError(`The gateway's internal key is no private Ed25519 JWK. ${howToMake}`)
  const kid = await calculateJwkThumbprint(secret)
  // By the clock that tokens end by, which goes on while a computer sleeps.
  const perf = { now: () => Date.now() }
  const made = new LRUCache<string, Promise<string>>({ max: 10_000, ttl: REUSED * 1_000, perf })

  const make = ({ subject, ...claims }: Caller, subgraph: string): Promise<string> =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, kid })
      .setIssuer(issuer)
      .setAudience(subgraph)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(`${HOLDS}s`)
      .sign(key)

  return {
    jwks: { keys: [{ kty: secret.kty, crv: secret.crv, x: secret.x, kid, alg: algorithm, use: 'sig' }] },
    tokenFor(caller, subgraph) {
      const whose = JSON.stringify([subgraph, caller])
      const token = made.get(whose) ?? make(caller, subgraph)
      if (!made.has(whose)) made.set(whose, token)
      return token
    },
  }
}
