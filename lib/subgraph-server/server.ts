import { randomUUID } from 'node:crypto'
import { SpanKind } from '@opentelemetry/api'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Caller } from '../caller.ts'
import { gracefulEnd } from '../graceful-end.ts'
import type { TokenCheck } from '../internal-token/check.ts'
import { once } from '../once.ts'
import { ReaderError } from '../reader-error.ts'
import type { Subgraph } from '../subgraph.ts'
import { continueTrace } from '../telemetry/between-parts.ts'
import { EXPOSITION_TYPE } from '../telemetry/exposition.ts'
import { inSpan } from '../telemetry/span.ts'
import { contextOf, handedOn } from './context.ts'
import { createAnswer } from './execute.ts'

/** Bytes of a request: a gateway asks for all entities of a page at once, and lists their keys. */
const BODY_LIMIT = 16 * 1024 * 1024

/** What `createSubgraphServer` needs. */
export interface SubgraphServerOptions {
  readonly subgraph: Subgraph
  /** Who is answered: only who has a token of the gateway. */
  readonly check: TokenCheck
  readonly log: Logger
  /** Reads all metrics, in Prometheus' text format, for `/metrics`. Default: there is no such page. */
  readonly metrics?: () => Promise<string>
  readonly host: string
  readonly port: number
}

/** A subgraph as a server of its own. */
export interface SubgraphServer {
  readonly app: FastifyInstance
  /** Starts to listen and tells its own address. Throws, for the reader, when the port is taken. */
  listen(): Promise<string>
  /** Takes no more requests, finishes those in flight for at most 5 seconds, ends; the subgraph itself goes on. */
  close(): Promise<void>
}

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
})

/**
 * Serves one subgraph to the gateway: `POST /graphql` for whoever has a token of the gateway that is meant for this
 * subgraph; `/health/live`, `/health/ready` and `/metrics`, which hold no data of sources, for anybody; nothing else.
 */
export function createSubgraphServer(options: SubgraphServerOptions): SubgraphServer {
  const { subgraph, check, log, metrics, host, port } = options
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => String(headers[handedOn.requestId] ?? randomUUID()),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 10_000,
  })
  const end = gracefulEnd(app)
  const answer = once(async () => createAnswer(await subgraph.schema))

  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    const { url = '' } = request.routeOptions
    if (url === '/metrics' || url.startsWith('/health/')) return
    try {
      request.setDecorator<Caller>('caller', await check.callerOf(request.headers.authorization))
    } catch (error) {
      request.log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'refused')
      return reply.code(401).header('www-authenticate', 'Bearer').send(refusal)
    }
  })
  app.get('/health/live', () => ({ live: true }))
  app.get('/health/ready', (_request, reply) => reply.code(end.begun() ? 503 : 200).send({ ready: !end.begun() }))
  if (metrics) app.get('/metrics', async (_request, reply) => reply.type(EXPOSITION_TYPE).send(await metrics()))
  app.post('/graphql', async (request, reply) => {
    const query = body.safeParse(request.body)
    if (!query.success) return reply.code(400).send(noQuery)
    const { headers, id } = request
    const asked = contextOf({ headers, id, response: reply.raw }, request.getDecorator<Caller>('caller'), log)
    try {
      const span = {
        kind: SpanKind.SERVER,
        attributes: { 'modelops.subgraph': subgraph.name, 'modelops.request_id': id },
      }
      const result = await continueTrace(headers, () =>
        inSpan(`answer ${subgraph.name}`, span, async () => (await answer())(query.data, asked.context)),
      )
      // No data at all: what it asks for is not in this schema.
      return reply.code('data' in result ? 200 : 400).send(result)
    } finally {
      asked.stop()
    }
  })

  return {
    app,
    listen: () =>
      app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new ReaderError(`Port ${port} of ${host} is taken by another program. Set PORT to a free one.`)
      }),
    close: end.close,
  }
}

const problem = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })

const refusal = problem(
  'UNAUTHENTICATED',
  'A subgraph answers its gateway only: ask the gateway. If this is the gateway, the two have different keys.',
)

const noQuery = problem('BAD_REQUEST', 'This is no GraphQL query as JSON: { "query": "…", "variables": { … } }.')
