import type { z } from 'zod'
import { UpstreamError } from './upstream/error.ts'

/** Who answered what. */
export interface Answered {
  /** Id of the source. */
  readonly source: string
  /** Name of the tool that its API is of. */
  readonly tool: string
  /** What was asked for, in a word or two. */
  readonly what: string
}

/** Parses an answer, or tells which part of it was not as the tool's API says: by the field's path, never its value. */
export function parsedAnswer<T>(value: unknown, schema: z.ZodType<T>, { source, tool, what }: Answered): T {
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  const fields = [...new Set(error.issues.map(({ path }) => path.filter((part) => typeof part === 'string').join('.')))]
  const message = `${source} answered ${what} with something that the API of ${tool} does not promise (${fields.slice(0, 3).join(', ') || 'as a whole'}): does the address lead to ${tool}?`
  throw new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}
