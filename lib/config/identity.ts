import { z } from 'zod'
import { isLoopbackName } from '../loopback.ts'
import { slug, text, texts } from './options.ts'

const HASH = 'sha256: and 64 hexadecimal digits, as `modelops key` prints it'
const DAY = 'a day, such as 2027-01-31'

const key = z
  .strictObject({
    id: slug().describe('Name of the key in the log and in `me`, as `key:<id>`. Unique.'),
    hash: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: HASH })
      // Somebody will paste the key itself here.
      .meta({ secret: true, expected: HASH })
      .describe('SHA-256 of the key, as `modelops key` prints it. It is of no use to who reads it.'),
    name: text().optional().describe('Name to show. Default: the id.'),
    roles: texts()
      .default(['reader'])
      .describe('Roles of who has the key. `admin` sees everything, whatever `access` says.'),
    expires: z.iso
      .date({ error: DAY })
      .meta({ expected: DAY })
      .optional()
      .describe('Last day, in UTC, on which the key is accepted. Default: it does not end.'),
  })
  .describe('One key, of one caller.')

/** Keys that callers may have. */
export const keys = z
  .array(key)
  .default([])
  .describe('Keys that callers send as `Authorization: Bearer mo_…`. `npx modelops key <id>` makes one.')

/** Signatures that only the issuer can make: with HS256, whoever checks a token could make one, too. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

/** An address to read keys from: whoever could change them on the way could let anybody in. */
const trusted = (allowQuery: boolean) => {
  const expected = `an https address without credentials${allowQuery ? '' : ', "?"'} and "#" (http only on this computer)`
  return z
    .string()
    .refine((value) => isTrusted(value, allowQuery), { error: expected })
    .meta({ expected })
}

function isTrusted(value: string, allowQuery: boolean): boolean {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  const plain = username === '' && password === '' && !value.includes('#') && (allowQuery || !value.includes('?'))
  return plain && (protocol === 'https:' || isLoopbackName(hostname.replace(/^\[|\]$/g, '')))
}

/** Whose tokens are accepted. */
export const oidc = z
  .strictObject({
    issuer: trusted(false).describe(
      'The issuer exactly as its tokens write it in `iss`, slash at the end or not. Its keys are found through `/.well-known/openid-configuration` below it.',
    ),
    audience: text().describe('What stands for this gateway in `aud` of the tokens.'),
    algorithms: z
      .array(z.enum(algorithms))
      .min(1)
      .default(['RS256', 'ES256', 'EdDSA', 'PS256'])
      .describe('Signatures that are accepted.'),
    jwksUrl: trusted(true)
      .optional()
      .describe('Address of the issuer’s keys, where they are not found through its discovery or are on another host.'),
    rolesClaim: text()
      .default('roles')
      .describe(
        'Claim that holds the roles of the caller, a list or words with spaces between. Dots lead into maps: `realm_access.roles`.',
      ),
    roles: z
      .record(z.string(), text())
      .optional()
      .describe(
        'Which value of that claim is which role here; values that are not named are none. Default: each value is the role of that name, `admin` too.',
      ),
    nameClaim: text().default('name').describe('Claim that holds the name to show.'),
    clockToleranceSeconds: z
      .int()
      .min(0)
      .max(300)
      .default(30)
      .describe('Seconds by which the clocks of issuer and gateway may differ.'),
  })
  .describe(
    'An OpenID Connect issuer whose access tokens (JWT) are accepted as `Authorization: Bearer …`. `iss`, `aud`, `sub` and `exp` must be there, `nbf` counts, `scope` gives the scopes.',
  )
