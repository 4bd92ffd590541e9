import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { GatewayConfig } from './config.ts'
import type { Verdict } from './verdict.ts'

/** What every key starts with, so that it is told from a token, and found by scanners where it was leaked. */
const PREFIX = 'mo_'

/** 43 characters are 32 bytes in base64url. */
const FORM = /^mo_([a-z][a-z0-9-]{0,62})_[\w-]{43}$/

/** A new key and what the configuration holds of it. The key is in nobody's hands but the caller's from here on. */
export function makeKey(id: string): { readonly key: string; readonly hash: string } {
  const key = `${PREFIX}${id}_${randomBytes(32).toString('base64url')}`
  return { key, hash: `sha256:${digest(key).toString('hex')}` }
}

/** Whether a credential claims to be a key of this gateway. */
export const isKey = (credential: string): boolean => credential.startsWith(PREFIX)

/**
 * Looks a key up among the configured ones. A plain SHA-256 is enough for them: it is slow hashes that make guessing
 * passwords costly, and 256 random bits cannot be guessed.
 */
export function createKeyring(keys: GatewayConfig['keys']): (key: string) => Verdict {
  const byId = new Map(
    keys.map(({ hash, ...known }) => [known.id, { ...known, hash: Buffer.from(hash.slice(7), 'hex') }]),
  )
  return (key) => {
    const known = byId.get(FORM.exec(key)?.[1] ?? '')
    if (!known || !timingSafeEqual(digest(key), known.hash)) return { refused: 'not accepted', detail: 'no such key' }
    if (isOver(known.expires)) return { refused: 'expired', detail: `key ${known.id}` }
    const { id, name = id, roles } = known
    return { caller: { subject: `key:${id}`, name, roles, scopes: [] } }
  }
}

/** Whether a last day, in UTC, is over. */
export function isOver(day: string | undefined): boolean {
  return day !== undefined && new Date().toISOString().slice(0, 10) > day
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()
