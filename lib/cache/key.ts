import { createHash, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Source } from '../config/schema.ts'
import { Secret } from '../config/secret.ts'

/** Raised whenever a shared record changes its shape or meaning, so that no release reads another one's entries. */
const FORMAT = 4

const derive = promisify<string, string, number, Buffer>(scrypt)

/**
 * What entries of a source are kept under: with another address, other credentials or options, other things are read.
 * `beside` is what else decides how it is read. The hash is slow on purpose: who sees the keys cannot try passwords.
 */
export async function sourceKey(prefix: string, source: Source, beside: unknown): Promise<string> {
  // These change how long reading takes, or where a file lies on this machine.
  const { timeouts: _timeouts, tls: _tls, formerly: _formerly, ...read } = source
  const salt = createHash('sha256').update(`${source.kind} ${source.url}`).digest('hex')
  const hash = await derive(JSON.stringify(revealed([read, beside])), salt, 16)
  return `${prefix}:${FORMAT}:${source.id}:${hash.toString('hex')}`
}

/** A copy with secrets in clear, only to be hashed. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revealed(one)]))
}
