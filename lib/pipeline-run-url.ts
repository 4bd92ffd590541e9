import { withoutCredentials } from './address.ts'

/**
 * What two addresses of one CI run have in common: without scheme, port, credentials and query, and without the attempt
 * or job that a link went on to. undefined: it is no web address.
 */
export function pipelineRunKey(address: string): string | undefined {
  const plain = withoutCredentials(address.trim())
  if (!/^https?:\/\//i.test(plain) || !URL.canParse(plain)) return undefined
  const { hostname, pathname } = new URL(plain)
  const path = pathname.replace(/\/+$/, '').replace(/\/(?:attempts|jobs?)\/[^/]+(?:\/.*)?$/, '')
  return path === '' ? undefined : `${hostname}${path}`.toLowerCase()
}
