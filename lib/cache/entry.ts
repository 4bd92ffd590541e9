import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'

/** What is shared of one thing that was read. */
export interface Entry {
  readonly value: unknown
  /** When the source was asked. */
  readonly fetchedAt: Date
}

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Brotli's quickest level: lists of models are a tenth to a thirtieth of their size after it. */
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/** An entry as text: compressed JSON in base64. Dates, NaN and undefined within the value do not survive it. */
export async function packEntry({ value, fetchedAt }: Entry): Promise<string> {
  const json = JSON.stringify({ fetchedAt: fetchedAt.getTime(), value })
  return (await compress(json, options)).toString('base64')
}

/** Reads what `packEntry` wrote; undefined: it is something else. */
export async function unpackEntry(text: string): Promise<Entry | undefined> {
  try {
    const { fetchedAt, value } = JSON.parse((await decompress(Buffer.from(text, 'base64'))).toString('utf8'))
    // The clock that wrote it may be ahead of this one.
    return typeof fetchedAt === 'number' ? { value, fetchedAt: new Date(Math.min(fetchedAt, Date.now())) } : undefined
  } catch {
    return undefined
  }
}
