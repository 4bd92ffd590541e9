import { badInput } from './page.ts'

/** An argument of type DateTime as milliseconds since 1970. Throws a GraphQLError, which names it, on what is no moment. */
export function momentOf(name: string, text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw badInput(`${name}: expected a moment in ISO 8601, such as 2026-11-24T09:30:00Z`)
  return time
}
