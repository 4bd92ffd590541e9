import { request } from 'undici'
import { ReaderError } from '#lib/reader-error.ts'

/** Bytes of a schema; the one of this whole project has a tenth of it. */
const MAX_BYTES = 4 * 1024 * 1024

/** How to ask a subgraph for its schema. */
export interface ContractCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly milliseconds: number
}

/**
 * Asks a subgraph that is a server for its own schema, as Apollo Federation has it (`_service`). Throws, for the reader,
 * why there is none; the words hold nothing that the server said.
 */
export async function fetchContract({ url, headers, milliseconds }: ContractCall): Promise<string> {
  const said = await exchange({ url, headers, milliseconds })
  const sdl = sdlIn(said)
  if (sdl === undefined) {
    throw new ReaderError(
      `${url} answers, but not with a schema: is it a subgraph of Apollo Federation 2, and is the address that of its GraphQL?`,
    )
  }
  return sdl
}

async function exchange({ url, headers, milliseconds }: ContractCall): Promise<string> {
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
      signal: AbortSignal.timeout(milliseconds),
    })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new ReaderError(`The schema at ${url} is longer than ${MAX_BYTES} bytes.`)
      chunks.push(chunk)
    }
    if (statusCode === 401 || statusCode === 403) {
      throw new ReaderError(`${url} does not accept the credentials of this gateway (HTTP ${statusCode}).`)
    }
    if (statusCode >= 500) throw new ReaderError(`${url} failed (HTTP ${statusCode}).`)
    return Buffer.concat(chunks).toString('utf8')
  } catch (cause) {
    if (cause instanceof ReaderError) throw cause
    const late = cause instanceof Error && cause.name === 'TimeoutError'
    throw new ReaderError(late ? `${url} did not answer within ${milliseconds} ms.` : `${url} cannot be reached.`, {
      cause,
    })
  }
}

function sdlIn(text: string): string | undefined {
  try {
    const sdl = JSON.parse(text)?.data?._service?.sdl
    return typeof sdl === 'string' && sdl.trim() !== '' ? sdl : undefined
  } catch {
    return undefined
  }
}
