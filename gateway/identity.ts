import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Caller } from '#lib/caller.ts'
import { isLoopbackAddress, isLoopbackHost, isLoopbackName } from '#lib/loopback.ts'
import { once } from '#lib/once.ts'
import type { GatewayConfig } from './config.ts'
import { createKeyring, isKey } from './keys.ts'
import type { Refused, Verdict } from './verdict.ts'

/** Why a request is not answered, for its sender. */
interface Refusal {
  /** 401: who asks is not known. 403: it is known, and may not. 503: nobody can tell now. */
  readonly status: 401 | 403 | 503
  readonly message: string
  /** What would be accepted, as the `WWW-Authenticate` header says it. */
  readonly challenge: string
  /** What was wrong, for the log, in more detail than senders are told. Holds nothing of the credential. */
  readonly reason?: string
}

/** Tells who sent a request, or why it is refused. */
export type Identify = (request: IncomingMessage) => Identified | Promise<Identified>

/** The outcome of `Identify`. */
type Identified = { readonly caller: Caller } | { readonly refusal: Refusal }

const thisComputer: Caller = { subject: 'local', name: 'this computer', roles: ['admin'], scopes: [] }

/** Whether anybody who is not at this computer can be known: by a key, or by an issuer's token. */
export const knowsOthers = ({ keys, oidc }: GatewayConfig): boolean => keys.length > 0 || oidc !== undefined

/**
 * Who asks, as the configuration says. A credential counts before everything else, so that a wrong one is refused even at
 * this computer. Without one, who sits at this computer is let in as admin, as long as the gateway listens there only.
 */
export function createIdentify(config: GatewayConfig, log: Logger): Identify {
  const checkKey = createKeyring(config.keys)
  const checkToken = config.oidc ? tokenCheck(config.oidc, log) : nobodysTokens
  const local = isLoopbackName(config.host)
  const ways = waysIn(config)

  const withCredential = async (credential: string): Promise<Identified> => {
    const verdict = isKey(credential) ? checkKey(credential) : await checkToken(credential)
    return 'caller' in verdict ? verdict : { refusal: refusalOf(verdict, ways) }
  }
  return ({ socket, headers }) => {
    if (headers.authorization !== undefined) {
      const credential = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1]
      return credential === undefined
        ? missing('Its Authorization header is no "Bearer …".', ways)
        : withCredential(credential)
    }
    if (!local) return missing('It has no Authorization header.', ways)
    const elsewhere = notFromHere(socket.remoteAddress ?? '', headers)
    if (elsewhere === undefined) return { caller: thisComputer }
    return missing(`Without a credential, only the computer that the gateway runs on is answered. ${elsewhere}`, ways)
  }
}

/**
 * Why a request is not from who sits at this computer; undefined: it is. The peer must be a loopback address, the name
 * asked for too (another one would be a page of another site whose name was made to point here), and no proxy may have
 * passed someone else's request on.
 */
function notFromHere(peer: string, headers: IncomingMessage['headers']): string | undefined {
  if (!isLoopbackAddress(peer)) return 'This request came from another computer.'
  if (!isLoopbackHost(headers.host ?? '')) return 'This request asks for another name than localhost or 127.0.0.1.'
  const passedOn = Object.keys(headers).find((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return passedOn && `A proxy passed this request on (header ${passedOn}).`
}

/** What checks tokens is only imported where an issuer is configured and someone has one. */
function tokenCheck(oidc: NonNullable<GatewayConfig['oidc']>, log: Logger): (token: string) => Promise<Verdict> {
  const check = once(async () => (await import('./oidc.ts')).createTokenCheck(oidc, log))
  return async (token) => (await check())(token)
}

const nobodysTokens = async () => ({ refused: 'not accepted', detail: 'no issuer is configured' }) as const

/** What would be accepted, in words. */
function waysIn({ keys, oidc }: GatewayConfig): string {
  const ways = [
    ...(keys.length > 0 ? ['a key of this gateway'] : []),
    ...(oidc ? [`an access token of ${oidc.issuer}`] : []),
  ]
  if (ways.length === 0)
    return 'This gateway knows no credentials: neither gateway.keys nor gateway.oidc is configured.'
  return `Send ${ways.join(' or ')} as "Authorization: Bearer …".`
}

const challenge = 'Bearer realm="modelops"'

function missing(why: string, ways: string): Identified {
  const message = `This request does not say who asks. ${why} ${ways}`
  return { refusal: { status: 401, message, challenge, reason: 'no credential' } }
}

function refusalOf({ refused, detail }: Refused, ways: string): Refusal {
  const reason = `${refused}: ${detail}`
  if (refused === 'not checked') {
    const message = 'Nobody’s token can be checked now, since the issuer does not answer: try again in half a minute.'
    return { status: 503, message, challenge, reason }
  }
  const message = refused === 'expired' ? 'The credential has expired.' : 'The credential is not accepted.'
  const error = `error="invalid_token", error_description="${message}"`
  return { status: 401, message: `${message} ${ways}`, challenge: `${challenge}, ${error}`, reason }
}
