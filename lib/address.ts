/**
 * An address fit to show: without user and password, query and fragment, which hold tokens and signatures. What stands
 * before the `@` of a bucket's container (`abfss://container@account`) stays: it is a name there.
 */
export function withoutCredentials(address: string): string {
  const bare = address.replace(/[?#].*$/s, '')
  if (/^(abfss?|wasbs?):/i.test(bare)) return bare
  return bare.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
}

/** A link fit to click: http or https only; tags are written by anybody, and a browser runs `javascript:`. */
export function safeLink(address: string): string | null {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null
}
