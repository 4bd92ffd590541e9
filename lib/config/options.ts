import { z } from 'zod'
import { Secret } from './secret.ts'
import { checkUrl } from './url.ts'

declare module 'zod' {
  /** What this configuration's errors and reference read from a schema, beside zod's own `title` and `description`. */
  interface GlobalMeta {
    /** What errors say was expected: `found …, expected <this>`. */
    expected?: string
    /** true: no error shows what stands here or below. */
    secret?: boolean
    /** The value is the id of a source; with a role, of a source whose kind has that role or none. */
    refersTo?: 'source' | 'registry' | 'server'
    /** On the schema of a kind: what its sources are to others. */
    role?: 'registry' | 'server' | 'catalog' | 'forge' | 'monitor'
  }
}

/** Text that is not empty. */
export const text = () => z.string().min(1).meta({ expected: 'text' })

/** Text that no error and no log shows. Becomes a `Secret`. */
export const secretText = () =>
  z
    .string()
    .min(1)
    // Names no printable character, so a line break from a file or a variable cannot split a header.
    .regex(/^\P{Cc}*$/u, { error: 'text without line breaks' })
    .transform((value) => new Secret(value))
    .meta({ secret: true, expected: 'text' })

/** The id of a source that is configured in the same file; unknown ones are an error that names the nearest. */
export const sourceReference = (role: 'source' | 'registry' | 'server' = 'source') =>
  z.string().meta({ refersTo: role, expected: 'the id of a source' })

/** An id that people read in URLs and in ids of the graph. */
export const slug = () => {
  const expected = 'an id of lowercase letters, digits and dashes that starts with a letter'
  return z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, { error: expected })
    .meta({ expected })
}

/** The http or https address of a server, without a slash at its end. Addresses of other things say what to do. */
export const serverUrl = () =>
  z
    .string()
    .transform((value, context) => {
      const checked = checkUrl(value)
      if ('url' in checked) return checked.url
      const { expected: message, meant } = checked
      context.issues.push({ code: 'custom', message, input: value, params: { meant } })
      return z.NEVER
    })
    .meta({ expected: 'an address that starts with http:// or https://' })

/** The address of a Redis. Becomes a `Secret`, since it may hold a password. */
export const redisUrl = () => {
  const expected = 'an address that starts with redis:// or rediss://'
  return z
    .string()
    .refine((value) => /^rediss?:\/\/\S+$/.test(value) && URL.canParse(value), { error: expected })
    .transform((value) => new Secret(value))
    .meta({ secret: true, expected })
}

const MAX_TIMEOUT = 600_000

/** A time in milliseconds. */
export const milliseconds = () => z.int().min(1).max(MAX_TIMEOUT)

/** A list of texts, in which the order can matter. */
export const texts = () => z.array(text())
