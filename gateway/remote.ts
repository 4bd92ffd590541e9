import type { GraphQLDataSource } from '@apollo/gateway'
import type { Logger } from 'pino'
import { errors, Pool } from 'undici'
import type { TokenSigner } from '#lib/internal-token/signer.ts'
import { handedOn } from '#lib/subgraph-server/context.ts'
import { traceHeaders } from '#lib/telemetry/between-parts.ts'
import type { DeliveryAnswer, DeliveryToPassOn } from '#lib/webhook.ts'
import type { GatewayContext } from './call.ts'
import { type Answer, type Asked, dataSource, type Silence } from './data-source.ts'
import { passOn } from './pass-on.ts'

/** Bytes of one answer of a subgraph. */
const MAX_ANSWER = 64 * 1024 * 1024

/** Requests that are under way to one subgraph at a time; further ones wait for their turn within their deadline. */
const CONNECTIONS = 64

/** Subgraphs that are servers of their own. */
export interface Remotes {
  /** Whoever answers for a subgraph; undefined: its address is not known. */
  dataSource(name: string): GraphQLDataSource | undefined
  /** Passes a tool's message on to the subgraphs that may expect it. undefined: none of them does. */
  receive(delivery: DeliveryToPassOn): Promise<DeliveryAnswer | undefined>
  /** Closes connections. */
  close(): Promise<void>
}

/** What `connectRemotes` needs. */
export interface RemoteOptions {
  /** Addresses of subgraphs by name, without a slash at the end; they are asked at `/graphql` below it. */
  readonly urls: Readonly<Record<string, string>>
  readonly signer: TokenSigner
  /** Names of those that tools send messages of changes for, so that their own ports need not be open to tools. Default: none. */
  readonly toldOfChanges?: readonly string[]
}

/** A team's own subgraph, a server that nobody of us runs. */
export interface TeamServer {
  readonly name: string
  /** Where it answers GraphQL. */
  readonly url: string
  /** Credentials that every request carries. Default: the token of the gateway's signer, where it has one. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signer?: TokenSigner
}

/** Connects subgraphs over HTTP, with connections that stay open. Nothing is sent yet. */
export function connectRemotes(own: RemoteOptions | undefined, teams: readonly TeamServer[], log: Logger): Remotes {
  const remotes = new Map([
    ...Object.entries(own?.urls ?? {}).map(([name, url]) => {
      return [name, connect({ name, url: `${url}/graphql`, ...(own && { signer: own.signer }) })] as const
    }),
    ...teams.map((team) => [team.name, connect(team)] as const),
  ])
  return {
    dataSource: (name) => remotes.get(name)?.source,
    async receive(delivery) {
      for (const name of own?.toldOfChanges ?? []) {
        const [pool, url] = [remotes.get(name)?.pool, own?.urls[name]]
        const answer = pool && url && own && (await passOn(delivery, { name, pool, url, signer: own.signer, log }))
        if (answer) return answer
      }
      return undefined
    },
    close: async () => {
      await Promise.all([...remotes.values()].map(({ pool }) => pool.close()))
    },
  }
}

function connect({ name, url, headers, signer }: TeamServer): { source: GraphQLDataSource; pool: Pool } {
  const { origin, pathname: path, search } = new URL(url)
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    connectTimeout: 2_000,
    maxResponseSize: MAX_ANSWER,
    // The request's cut-off is the one limit; these two would only measure the gaps in it.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  })

  async function ask({ text, variables, context }: Asked): Promise<Answer | Silence> {
    const credentials =
      headers ?? (signer && { authorization: `Bearer ${await signer.tokenFor(context.caller, name)}` })
    try {
      const { statusCode: status, body } = await pool.request({
        ...{ path: `${path}${search}`, method: 'POST', signal: context.cutOff },
        headers: { 'content-type': 'application/json', ...handOn(context), ...traceHeaders(), ...credentials },
        body: JSON.stringify({ query: text, variables }),
      })
      // Read to its end in any case, so that the connection can be used again.
      const said = await body.text()
      const answer = status === 200 ? readAnswer(said) : undefined
      if (answer) return answer
      context.log.error({ subgraph: name, status, said: said.slice(0, 1_000) }, 'a subgraph failed')
      return { silent: wordsOf(status, headers ? 'credentials' : 'key') }
    } catch (error) {
      if (!context.cutOff.aborted) context.log.error({ err: error, subgraph: name }, 'a subgraph failed')
      return { silent: wordsFor(error) }
    }
  }
  return { source: dataSource(name, ask), pool }
}

function handOn({ requestId, sourcesUntil, maxAgeSeconds }: GatewayContext): Record<string, string> {
  return {
    [handedOn.requestId]: requestId,
    [handedOn.deadline]: String(Math.max(0, Math.floor(sourcesUntil - performance.now()))),
    ...(maxAgeSeconds !== undefined && { [handedOn.maxAge]: String(maxAgeSeconds) }),
  }
}

/** An answer in GraphQL's form; undefined: it is none. */
function readAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'data' in value ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}

/** `shown`: what it was shown to say who asks. */
function wordsOf(status: number, shown: 'key' | 'credentials'): string {
  if (status === 200) return 'what is at its address does not speak GraphQL.'
  if (status === 400) return 'it does not know what the supergraph says of it: the two are of different versions.'
  if (status === 401) return `it does not accept the ${shown} of this gateway.`
  return `it failed (HTTP ${status}).`
}

function wordsFor(error: unknown): string {
  if (error instanceof errors.ResponseExceededMaxSizeError) return `its answer is larger than ${MAX_ANSWER} bytes.`
  return 'it cannot be reached at its address.'
}
