/** Milliseconds for one answer of the issuer: who waits for it has a query to make. */
const TIMEOUT = 3_000

/** Keys are a few KB; nobody needs to send us more. */
const MAX_BYTES = 256 * 1_024

/** Reads JSON from exactly this address, redirects refused. Throws an Error whose message holds nothing of the answer. */
export async function readJson(url: string): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT)
  const failed = (why: string) => new Error(`${new URL(url).origin} ${why}`)
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } }).catch(
    () => {
      throw failed(signal.aborted ? 'did not answer in time' : 'cannot be reached')
    },
  )
  if (response.status !== 200) {
    await response.body?.cancel()
    throw failed(`answered with HTTP status ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch {
    throw failed('broke off its answer')
  }
  if (bytes > MAX_BYTES) throw failed(`answered with more than ${MAX_BYTES} bytes`)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw failed('answered with something that is no JSON')
  }
}
