import { z } from 'zod'
import { safeLink } from '#lib/address.ts'
import { UpstreamError } from '#lib/upstream/error.ts'

/** A text that may be absent or empty, which means the same. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || null)

/** A moment, milliseconds since 1970; null: absent, or one of the years 1 and 1970, which Go's tools write for "not yet". */
export const moment = z
  .string()
  .nullish()
  .transform((value) => {
    const time = value ? Date.parse(value) : Number.NaN
    return time > 0 ? time : null
  })

/** The address of a page, if it is one to click. */
export const page = z
  .string()
  .nullish()
  .transform((value) => (value ? safeLink(value) : null))

/** A login; null: the account is gone. */
export const login = z
  .object({ login: optionalText })
  .nullish()
  .transform((account) => account?.login ?? null)

/** Parses a value, or tells which part of the answer was not as the tool's API says: by the field's path, never its value. */
export function parsed<T>(value: unknown, schema: z.ZodType<T>, source: string, what: string): T {
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  const fields = [...new Set(error.issues.map(({ path }) => path.filter((part) => typeof part === 'string').join('.')))]
  const message = `"${source}" answered for ${what} with something that its API does not promise (${fields.slice(0, 3).join(', ') || 'as a whole'}): does "url" lead to the tool itself, and is its version supported?`
  throw new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}

/** The value, or the source's failure as a value: one key that fails is no reason to lose the others. */
export async function settled<T>(work: Promise<T>): Promise<T | UpstreamError> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UpstreamError) return error
    throw error
  }
}

/** Answers for keys, each asked for by itself. */
export function each<K, V>(keys: readonly K[], ask: (key: K) => Promise<V>): Promise<(V | UpstreamError)[]> {
  return Promise.all(keys.map((key) => settled(ask(key))))
}
