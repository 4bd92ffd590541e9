import { ReaderError } from '#lib/reader-error.ts'

/** Where one GitHub answers. */
export interface Addresses {
  /** Before each path of the REST API. */
  readonly rest: string
  readonly graphql: string
  /** Address of its pages. */
  readonly web: string
}

/**
 * GitHub's own API is a host apart (api.github.com; api.NAME.ghe.com with data residency); a GitHub Enterprise Server has
 * its APIs below its own address. Throws a ReaderError for an address that is neither.
 */
export function addressesOf(id: string, url: string): Addresses {
  const { protocol, host, pathname } = new URL(url)
  const expected = 'expected https://api.github.com, or the address of a GitHub Enterprise Server without a path'
  if (host === 'github.com' || host === 'www.github.com' || pathname !== '/') {
    throw new ReaderError(`Source "${id}": "url" is no address of GitHub's API: ${expected}`)
  }
  const own = /^api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/.exec(host)?.[1]
  return own === undefined
    ? { rest: '/api/v3', graphql: '/api/graphql', web: url }
    : { rest: '', graphql: '/graphql', web: `${protocol}//${own}` }
}
