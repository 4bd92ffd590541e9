import type { About } from './about.ts'

/**
 * The path of a model, or of one version; undefined: the server has no address for it. Triton decodes no percent escapes,
 * MLServer and KServe take an encoded slash for a real one, and a dot alone is no part of a URL's path.
 */
export function modelPath(
  { name, version }: { readonly name: string; readonly version: string | null },
  { triton }: Pick<About, 'triton'>,
): string | undefined {
  const parts = version === null ? [name] : [name, version]
  if (!parts.every((part) => addressable(part, triton))) return undefined
  return `/v2/models/${parts.map(encodeURIComponent).join('/versions/')}`
}

function addressable(part: string, triton: boolean): boolean {
  if (part === '' || part === '.' || part === '..' || !part.isWellFormed()) return false
  return triton ? encodeURIComponent(part) === part : !part.includes('/')
}
