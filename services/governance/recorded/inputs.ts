import { momentOf } from '#lib/moment.ts'
import { badInput } from '#lib/page.ts'

/** Text of a record, trimmed. Throws a GraphQLError (BAD_USER_INPUT) where it is empty or too long. */
export function checkText(name: string, text: string, most: number): string {
  const trimmed = text.trim()
  if (trimmed.length >= 1 && trimmed.length <= most) return trimmed
  throw badInput(`${name}: found ${text.length} characters, expected 1 to ${most}, not only spaces`)
}

/** A time that was given. Throws a GraphQLError (BAD_USER_INPUT) where it is none; a day alone leaves open when on that day. */
export function checkTime(name: string, text: string): Date {
  if (/T/i.test(text)) return new Date(momentOf(name, text))
  throw badInput(`${name}: expected a time in ISO 8601 with its zone, such as 2027-01-31T00:00:00Z`)
}

/** As `checkTime`, in the future. */
export function checkFuture(name: string, text: string): Date {
  const time = checkTime(name, text)
  if (time.getTime() > Date.now()) return time
  throw badInput(`${name}: ${text} is over, expected a time in the future`)
}

/** An address of evidence. Throws likewise; one with a password in it would keep that for ever. */
export function checkEvidence(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && text.length <= 2_000) return url.href
  throw badInput(
    'evidenceUrl: expected an address that starts with http:// or https://, without credentials, at most 2,000 characters',
  )
}
