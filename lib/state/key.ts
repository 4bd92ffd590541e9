import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ReaderError } from '../reader-error.ts'

/** Where the key is that signs for what retention removes, unless configured. */
export const DEFAULT_KEY_FILE = '.modelops/state-key.pem'

/** The key of a file, made there (for its owner only) where there is none. Throws a ReaderError. */
export function signingKey(file: string): KeyObject {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
    return privateKey
  } catch (error) {
    // Another instance, or an earlier run, made it.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return keyOf(file, createPrivateKey)
    throw unreadable(file, error)
  }
}

/** The public half of a file with either half; undefined: there is no such file. Throws a ReaderError. */
export function verifyingKey(file: string): KeyObject | undefined {
  try {
    return keyOf(file, createPublicKey)
  } catch (error) {
    if (((error as ReaderError).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
    throw error
  }
}

/** What tells one key from another: the start of the SHA-256 of its public half. */
export function keyId(key: KeyObject): string {
  const open = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256')
    .update(open.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

function keyOf(file: string, read: (pem: Buffer) => KeyObject): KeyObject {
  try {
    const key = read(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (error) {
    throw unreadable(file, error)
  }
  throw unreadable(file, undefined)
}

function unreadable(file: string, cause: unknown): ReaderError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  const why = code && !code.startsWith('ERR_') ? `cannot be read or made (${code})` : 'holds no Ed25519 key (PEM)'
  return new ReaderError(`The key of the state, ${file}, ${why}: see to it, or name another file (state.keyFile).`, {
    cause,
  })
}
