import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { Logger } from 'pino'
import type { Caller } from '#lib/caller.ts'
import type { GatewayConfig } from './config.ts'
import { createIssuerKeys, KeysUnavailable } from './oidc-keys.ts'
import type { Verdict } from './verdict.ts'

type Oidc = NonNullable<GatewayConfig['oidc']>

/** Checks access tokens of the configured issuer: signature by an allowed algorithm, `iss`, `aud`, `exp`, `nbf`, `sub`. */
export function createTokenCheck(oidc: Oidc, log: Logger): (token: string) => Promise<Verdict> {
  const keys = createIssuerKeys(oidc, log)
  const { issuer, audience, algorithms, clockToleranceSeconds: clockTolerance } = oidc
  // Those of `issuer` and `audience` are required by being given.
  const options = { issuer, audience, algorithms, clockTolerance, requiredClaims: ['exp', 'sub'] }
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, options)
      return { caller: callerOf(payload, oidc) }
    } catch (error) {
      if (error instanceof KeysUnavailable) return { refused: 'not checked', detail: 'no keys of the issuer' }
      if (error instanceof errors.JWTExpired) return { refused: 'expired', detail: error.code }
      if (error instanceof errors.JWTClaimValidationFailed) {
        return { refused: 'not accepted', detail: `${error.code} ${error.claim} ${error.reason}` }
      }
      // What is no JOSEError comes from a key of the issuer that cannot be used.
      const detail = error instanceof errors.JOSEError ? error.code : 'the issuer’s key cannot be used'
      return { refused: 'not accepted', detail }
    }
  }
}

function callerOf(payload: JWTPayload, { rolesClaim, roles: named, nameClaim }: Oidc): Caller {
  const name = payload[nameClaim]
  const told = words(claimAt(payload, rolesClaim))
  const roles = named ? told.flatMap((value) => (Object.hasOwn(named, value) ? (named[value] ?? []) : [])) : told
  return {
    subject: payload.sub ?? '',
    ...(typeof name === 'string' && name !== '' && { name }),
    roles: [...new Set(roles)],
    scopes: words(payload.scope),
  }
}

/** The claim of that name; else the way its dots lead: some issuers have names with dots, such as `https://a.example/roles`. */
function claimAt(payload: object, claim: string): unknown {
  const own = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined
  return own(payload, claim) ?? claim.split('.').reduce(own, payload)
}

function words(value: unknown): string[] {
  const list: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
  return list.filter((one): one is string => typeof one === 'string' && one !== '')
}
