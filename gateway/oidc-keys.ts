import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'
import type { GatewayConfig } from './config.ts'
import { readJson } from './oidc-fetch.ts'

type Oidc = NonNullable<GatewayConfig['oidc']>

/** Age at which the keys are read again before they are used. */
const FRESH = 10 * 60_000

/** Age up to which they are used while the issuer does not answer. */
const KEPT = 24 * 3_600_000

/** Least time between two readings that failed, or that tokens with unknown keys cause: anybody can send such tokens. */
const COOLDOWN = 30_000

/** No key is known, and none can be had now. */
export class KeysUnavailable extends Error {}

/**
 * The issuer's public keys. They are read when first needed, when older than 10 minutes, and when a token names one that
 * is not among them; whoever needs them meanwhile waits for the same reading. jose's own set of remote keys forgets what
 * it has once it is stale and the issuer is silent; this one keeps it for a day.
 */
export function createIssuerKeys(oidc: Oidc, log: Logger): JWTVerifyGetKey {
  let held: { readonly at: number; readonly keys: ReturnType<typeof createLocalJWKSet> } | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  async function read(): Promise<void> {
    triedAt = Date.now()
    try {
      const keys = createLocalJWKSet((await readKeys(oidc)) as never)
      held = { keys, at: Date.now() }
    } catch (error) {
      // In words of ours or jose's; never what the issuer wrote.
      const why = error instanceof Error ? error.message : 'unknown'
      log.warn({ issuer: oidc.issuer, why, kept: held !== undefined }, 'the keys of the issuer could not be read')
    }
  }
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  const mayTry = () => reading !== undefined || Date.now() - triedAt >= COOLDOWN
  const age = () => Date.now() - (held?.at ?? Number.NEGATIVE_INFINITY)

  return async (header, token) => {
    if (age() >= FRESH && mayTry()) await readOnce()
    if (!held || age() >= KEPT) throw new KeysUnavailable()
    try {
      return await held.keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayTry()) throw error
      await readOnce()
      return await held.keys(header, token)
    }
  }
}

async function readKeys({ issuer, jwksUrl }: Oidc): Promise<unknown> {
  if (jwksUrl !== undefined) return await readJson(jwksUrl)
  const document = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { issuer: named, jwks_uri: found } = (document ?? {}) as { issuer?: unknown; jwks_uri?: unknown }
  if (named !== issuer) throw new Error('its discovery document names another issuer than gateway.oidc.issuer')
  if (typeof found !== 'string' || !URL.canParse(found)) throw new Error('its discovery document names no jwks_uri')
  if (new URL(found).origin !== new URL(issuer).origin) {
    throw new Error('its keys are on another host: set gateway.oidc.jwksUrl to their address')
  }
  return await readJson(found)
}
