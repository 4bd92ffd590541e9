import { makeInternalKey } from '#lib/internal-token/key.ts'

/** `modelops key --internal`: makes the key with which a gateway vouches to its subgraphs, and prints both halves. Nothing is kept. */
export async function internalKey(): Promise<void> {
  const { secret, shared } = await makeInternalKey()
  console.log(`The secret half, shown this once, for the gateway alone (or what stands in the quotes in a file, named by MODELOPS_INTERNAL_KEY_FILE):

MODELOPS_INTERNAL_KEY='${JSON.stringify(secret)}'

The public half, for subgraphs (or where the gateway publishes it, in MODELOPS_GATEWAY_JWKS_URL):

MODELOPS_GATEWAY_JWK='${JSON.stringify(shared)}'
`)
}
