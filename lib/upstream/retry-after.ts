const DAY = 86_400

/**
 * Seconds that a `Retry-After` header asks for, whether it counts them or names a date (RFC 9110, 10.2.3). At most a
 * day; undefined when the header is absent or neither of the two.
 */
export function retryAfterSeconds(value: string | undefined, now = Date.now()): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text), DAY)
  const date = text.endsWith('GMT') ? Date.parse(text) : Number.NaN
  if (Number.isNaN(date)) return undefined
  return Math.min(Math.max(Math.ceil((date - now) / 1_000), 0), DAY)
}
