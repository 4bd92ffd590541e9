import { validateHeaderValue } from 'node:http'
import type { UpstreamSource } from './settings.ts'

/** The header that carries the source's credentials. Throws when a header cannot hold them. */
export function credentials({ id, auth }: Pick<UpstreamSource, 'id' | 'auth'>): Record<string, string> {
  if (!auth) return {}
  const [name, value] = header(auth)
  try {
    validateHeaderValue(name, value)
  } catch {
    throw new Error(
      `The ${credentialOption(auth)} of source "${id}" has a character that HTTP cannot carry, such as a line break: check where it is read from.`,
    )
  }
  return { [name]: value }
}

/** Name of the option that holds the credentials. */
export function credentialOption(auth: NonNullable<UpstreamSource['auth']>): string {
  return `auth.${Object.keys(auth)[0]}`
}

function header(auth: NonNullable<UpstreamSource['auth']>): [string, string] {
  if ('header' in auth) return [auth.header.name.toLowerCase(), auth.header.value.reveal()]
  if ('bearer' in auth) return ['authorization', `Bearer ${auth.bearer.reveal()}`]
  const { username, password } = auth.basic
  return ['authorization', `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`]
}
