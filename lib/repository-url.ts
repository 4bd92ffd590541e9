/** Names under which well-known forges take Git over SSH on port 443, or redirect from. */
const ALIASES: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
}

/** A repository, as its canonical address names it. */
export interface RepositoryAddress {
  /** `https://host/path`: the key. */
  readonly url: string
  readonly host: string
  /** Below the host, without slashes around it: usually `owner/name`. Percent-encoded as in the address. */
  readonly path: string
}

/**
 * The one address of a repository, whichever of its remotes is given: `https`, `ssh`, `git` or `git@host:path`. Lower case
 * throughout, since forges tell neither hosts nor paths apart by case; without port, since SSH and HTTP have different
 * ones; without `.git`, user, password, query and fragment. undefined: it names no repository on a host (a folder, a file),
 * or a credential may stand where it cannot be told from the path.
 */
export function repositoryAddress(remote: string): RepositoryAddress | undefined {
  const text = remote.trim().replace(/^git\+/i, '')
  const web = /^(?:https?|ssh|git):\/\/(.+)$/is.exec(text)?.[1] ?? scpLike(text)
  // One scheme for all, so that the same rules parse them; an SSH port stays a port, and is dropped like any other.
  const address = web === undefined ? undefined : `https://${web}`
  if (address === undefined || !URL.canParse(address)) return undefined
  const { hostname, pathname } = new URL(address)
  const named = hostname.toLowerCase().replace(/\.$/, '')
  const host = Object.hasOwn(ALIASES, named) ? (ALIASES[named] ?? named) : named
  const path = lowerCase(pathname)
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .replace(/\.git$/, '')
  if (host === '' || path === '' || path.includes('@')) return undefined
  return { url: `https://${host}/${path}`, host, path }
}

/** `[user@]host:path`, as scp and git take it. A single letter before the colon is a drive of Windows. */
function scpLike(text: string): string | undefined {
  const [, host, path] = /^(?:[^/]*@)?(\[[^\]/]+\]|[^:/@[\]]{2,}):(?!\/\/)\/*(.+)$/s.exec(text) ?? []
  return host === undefined || path === undefined || path.includes('\\') ? undefined : `${host}/${path}`
}

/** ASCII only: no forge has other letters in paths, and what is percent-encoded must stay as it is. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** A SHA as somebody wrote it; undefined: it is none. SHA-1 has 40 digits, SHA-256 has 64. */
export function commitSha(text: string): { readonly sha: string; readonly full: boolean } | undefined {
  const sha = text.trim().toLowerCase()
  if (!/^[0-9a-f]{4,64}$/.test(sha)) return undefined
  return { sha, full: sha.length === 40 || sha.length === 64 }
}
