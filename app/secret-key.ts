import { readFileSync } from 'node:fs'
import { ReaderError } from '#lib/reader-error.ts'

/** The secret half of the key that the gateway vouches with, as JSON; undefined: none is given. Throws, for the reader, when its file cannot be read. */
export function secretKey(env: NodeJS.ProcessEnv): string | undefined {
  const { MODELOPS_INTERNAL_KEY: key, MODELOPS_INTERNAL_KEY_FILE: file } = env
  if (key) return key
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new ReaderError(`MODELOPS_INTERNAL_KEY_FILE: ${file} cannot be read (${code}).`, { cause })
  }
}
