import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { type Dispatcher, errors } from 'undici'

/** What we can read; said to sources with each request. undici's own interceptor is an experiment, and warns of that. */
export const acceptEncoding = 'gzip, br'

const inflaters = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
])

/**
 * The text of a body, inflated where it is compressed. It may have so many bytes, as it comes over the wire (the
 * dispatcher sees to that) and inflated: a few kilobytes can be inflated to gigabytes. Rejects as undici does where it is
 * longer, and with zlib's error where its compression cannot be read.
 */
export async function readText({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const inflate = inflaters.get(String(headers['content-encoding'] ?? '').toLowerCase())
  if (!inflate) return await body.text()
  const inflated = inflate()
  // Whichever of the two ends first takes the other along; what went wrong is thrown where it is read.
  pipeline(body, inflated, () => {})
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of inflated) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new errors.ResponseExceededMaxSizeError()
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** Whether an error is zlib's, by its code. */
export const isUnreadable = (code: string): boolean => /^(Z_|ERR__ERROR_|ERR_BROTLI)/.test(code)
