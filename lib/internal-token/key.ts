import { z } from 'zod'

/** The one signature that the gateway makes and subgraphs accept: Ed25519. */
export const algorithm = 'EdDSA'

/** `iss` of the gateway's tokens. */
export const issuer = 'modelops-gateway'

/** Where a gateway publishes the public half of its key. */
export const jwksPath = '/.well-known/jwks.json'

const shared = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const secret = z.object({ ...shared.shape, d: z.string() })

/** The half of a key that checks tokens. */
export type SharedKey = z.output<typeof shared>

/** The half of a key that makes tokens. */
export type SecretKey = z.output<typeof secret>

/** A new key of a gateway: one half for itself, one for whoever has to know its tokens. */
export async function makeInternalKey(): Promise<{ readonly secret: SecretKey; readonly shared: SharedKey }> {
  // A gateway that asks nobody needs no more of this file than the paths and names.
  const { exportJWK, generateKeyPair } = await import('jose')
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true })
  const jwk = await exportJWK(privateKey)
  return { secret: secret.parse(jwk), shared: shared.parse(jwk) }
}

/** Reads the private half from its JSON (a JWK); undefined: it is none. */
export const readSecretKey = (text: string): SecretKey | undefined => secret.safeParse(json(text)).data

/** Reads the public half from the JSON (a JWK) of either; undefined: it is none. */
export const readSharedKey = (text: string): SharedKey | undefined => shared.safeParse(json(text)).data

/** What to do about a key that is missing or none. */
export const howToMake = 'Make one with: npx modelops key --internal'

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
