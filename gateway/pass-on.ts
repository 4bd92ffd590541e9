import type { Logger } from 'pino'
import type { Pool } from 'undici'
import type { Caller } from '#lib/caller.ts'
import type { TokenSigner } from '#lib/internal-token/signer.ts'
import type { DeliveryAnswer, DeliveryToPassOn } from '#lib/webhook.ts'

/** Milliseconds that a subgraph has to take a message: it only looks at it, and reads the tool later. */
const PATIENCE = 5_000

/** A subgraph that is a server of its own. */
interface Remote {
  readonly name: string
  readonly pool: Pool
  /** Without a slash at the end. */
  readonly url: string
  readonly signer: TokenSigner
  readonly log: Logger
}

/** Who asks a subgraph to look at a message: the gateway itself. The message's own signature tells whether it counts. */
const gateway: Caller = { subject: 'webhook', roles: [], scopes: [] }

type Headers = DeliveryToPassOn['headers']

const statuses = [204, 400, 401, 409, 429] as const

/**
 * Passes a tool's message on, as it came, to the subgraph that knows the secret it is signed with. undefined: the
 * subgraph expects none of this source.
 */
export async function passOn(
  { tool, source, headers, body }: DeliveryToPassOn,
  { name, pool, url, signer, log }: Remote,
): Promise<DeliveryAnswer | undefined> {
  try {
    const authorization = `Bearer ${await signer.tokenFor(gateway, name)}`
    const response = await pool.request({
      path: `${new URL(url).pathname.replace(/\/$/, '')}/webhooks/${encodeURIComponent(tool)}?source=${encodeURIComponent(source)}`,
      method: 'POST',
      headers: { ...ofTheTool(headers), authorization, 'content-type': 'application/octet-stream' },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    })
    // Read to its end in any case, so that the connection can be used again.
    const { message, code } = problemIn(await response.body.text())
    if (response.statusCode === 404) return undefined
    const status = statuses.find((one) => one === response.statusCode)
    if (status !== undefined && code !== 'UNAUTHENTICATED') return { status, message }
    log.error({ subgraph: name, status: response.statusCode, code }, 'a message of a change could not be passed on')
  } catch (error) {
    log.error({ err: error, subgraph: name }, 'a message of a change could not be passed on')
  }
  const message = 'The part of the graph that this message is for does not answer now: send it again in a moment.'
  return { status: 503, message }
}

/** The headers that tools sign with and tell of themselves in; those of proxies are of this gateway's callers. */
function ofTheTool(headers: Headers): Headers {
  const names = Object.keys(headers).filter((name) => name.startsWith('x-') && !name.startsWith('x-forwarded-'))
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
}

/** What a subgraph says is wrong; empty where nothing is. */
function problemIn(text: string): { message: string; code?: string } {
  try {
    const [error] = JSON.parse(text).errors
    return { message: String(error.message), code: String(error.extensions?.code) }
  } catch {
    return { message: '' }
  }
}
