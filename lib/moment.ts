import { badInput } from './page.ts'

/** A day in UTC, or a time with its zone: without one it would be another moment on each machine. */
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i

/** An argument of type DateTime as milliseconds since 1970. Throws a GraphQLError, which names it, on what is no moment. */
export function momentOf(name: string, text: string): number {
  const time = Date.parse(text)
  const [, year = 0, month = 0, day = 0] = (MOMENT.exec(text) ?? []).map(Number)
  // Date takes 30 February for 2 March.
  const isDay = day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (isDay && !Number.isNaN(time)) return time
  throw badInput(`${name}: expected a moment in ISO 8601 with its zone, such as 2026-11-24T09:30:00Z`)
}
