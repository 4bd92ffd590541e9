import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Caller } from '#lib/caller.ts'
import { gracefulEnd } from '#lib/graceful-end.ts'
import type { GraphPort } from '#lib/graph.ts'
import { jwksPath } from '#lib/internal-token/key.ts'
import { isLoopbackName } from '#lib/loopback.ts'
import { ReaderError } from '#lib/reader-error.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { startApollo } from './apollo.ts'
import type { GatewayConfig } from './config.ts'
import { createDataSources } from './data-sources.ts'
import { addEvidenceRoute } from './evidence/route.ts'
import { addExplorer } from './explorer.ts'
import { addLineageExports } from './exports/route.ts'
import { addGateRoute } from './gate-route.ts'
import { graphFromWithin } from './graph-from-within.ts'
import { addGraphqlRoute } from './graphql-route.ts'
import { addHealthRoutes, type Readiness } from './health.ts'
import { createIdentify, type Identify, knowsOthers } from './identity.ts'
import { addMetricsRoute, METRICS, measureRequests, readsMetricsOnly, sendMetricsOnly } from './metrics.ts'
import { createOverload } from './overload.ts'
import { sendProblem } from './problem.ts'
import { addRefusals } from './refusals.ts'
import type { RemoteOptions, TeamServer } from './remote.ts'
import { createAnswering } from './request.ts'
import { serveSupergraph } from './supergraph.ts'
import { addWebhookRoute, WEBHOOKS } from './webhooks.ts'

/** What `createGateway` needs. */
export interface GatewayOptions {
  readonly config: GatewayConfig
  /** The composed graph; a subgraph that it names and that is neither in `subgraphs` nor in `remote` does not answer. */
  readonly supergraphSdl: string
  /** Where that was read; it is read again when it changes. Default: it never changes. */
  readonly supergraphFile?: string
  readonly subgraphs: readonly Subgraph[]
  /** Subgraphs that are servers of their own, and the key to ask them with. */
  readonly remote?: RemoteOptions
  /** Subgraphs of teams, which the supergraph names too. Default: there are none. */
  readonly teams?: readonly TeamServer[]
  /** Subgraphs of teams that are not in the graph as they are now, for `/health/ready`. Default: none. */
  readonly refused?: readonly { readonly name: string }[]
  readonly log: Logger
  /** Folder of the built page to explore the graph with. */
  readonly webRoot?: string
  /** Whether the parts behind the gateway are ready. Default: they are. */
  readonly ready?: () => Readiness
  /** Reads all metrics, in Prometheus' text format, for `/metrics`. Default: there is no such page. */
  readonly metrics?: () => Promise<string>
  /** Who asks. Default: as the configuration says. */
  readonly identify?: Identify
}

/** The server over the graph. */
export interface Gateway {
  readonly app: FastifyInstance
  /** The graph for the subgraphs that ask it themselves. */
  readonly graph: GraphPort
  /** Whether a query is being answered. */
  busy(): boolean
  /** Starts to listen where the configuration says and tells its own address. Throws, for the reader, when it cannot. */
  listen(): Promise<string>
  /** Takes no more requests, finishes those in flight for at most 5 seconds, ends. */
  close(): Promise<void>
}

/** Answered whoever asks: health, the public key, and messages that say themselves who sent them. */
const OPEN = ['/health/', jwksPath, WEBHOOKS]

/**
 * The page to explore the graph with holds nothing of it, and a browser cannot send a key before it has the page. Where only
 * this computer may ask, nobody else needs it.
 */
const openPage = (url: string) => url === '/' || url === '/graphiql' || url.startsWith('/graphiql/')

const refusalCodes = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 503: 'IDENTITY_UNAVAILABLE' } as const

/** Builds the gateway; nothing listens yet. Throws when the supergraph is none. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    config,
    log,
    webRoot,
    remote,
    teams = [],
    refused: refusedTeams = [],
    ready = () => ({ ready: true }),
    identify = createIdentify(config, log),
  } = options
  const { limits, requestDeadlineMilliseconds: deadlineMilliseconds } = config
  const overload = createOverload(config.concurrency, deadlineMilliseconds)
  const dataSources = createDataSources(options)
  const supergraph = await serveSupergraph({
    ...options,
    start: (supergraphSdl) => startApollo({ limits, supergraphSdl, dataSource: dataSources.of, log }),
  })
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    bodyLimit: limits.bodyBytes,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    requestTimeout: deadlineMilliseconds,
  })

  measureRequests(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  await app.register(helmet, securityHeaders)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    const { url = '' } = request.routeOptions
    if (OPEN.some((path) => url.startsWith(path)) || (knowsOthers(config) && openPage(url))) return
    const identified = await identify(request.raw)
    if ('caller' in identified) {
      if (readsMetricsOnly(identified.caller) && url !== METRICS) return sendMetricsOnly(reply)
      request.setDecorator<Caller>('caller', identified.caller)
      return
    }
    const { status, message, challenge, reason } = identified.refusal
    reply.header('www-authenticate', challenge)
    return sendProblem(reply, { status, code: refusalCodes[status], message, reason })
  })
  const end = gracefulEnd(app)
  addRefusals(app, limits)
  addHealthRoutes(app, () => {
    if (end.begun()) return { ready: false, detail: 'shutting down' }
    const pressure = overload.pressure()
    const refused = supergraph.refused()
    return {
      ...(pressure ? { ready: false, detail: pressure } : ready()),
      ...(refused && { supergraphRefused: refused }),
      ...(refusedTeams.length > 0 && { subgraphsRefused: refusedTeams.map(({ name }) => name) }),
    }
  })
  const signer = remote?.signer ?? teams.find((team) => team.signer)?.signer
  if (signer) app.get(jwksPath, () => signer.jwks)
  const callerOf = (request: { getDecorator<T>(name: string): T }) => request.getDecorator<Caller>('caller')
  const answering = createAnswering({ deadlineMilliseconds, overload, log, callerOf })
  addGraphqlRoute(app, supergraph.current, answering)
  addLineageExports(app, supergraph.current, answering)
  addEvidenceRoute(app, {
    current: () => ({ server: supergraph.current(), sdl: supergraph.sdl() }),
    pageSize: limits.pageSize,
    answering,
  })
  addGateRoute(app, { apollo: supergraph.current, answering, pageSize: limits.pageSize })
  await addWebhookRoute(app, [...options.subgraphs, dataSources.receiver])
  if (options.metrics) addMetricsRoute(app, options.metrics)
  await addExplorer(app, webRoot)

  return {
    app,
    graph: graphFromWithin(supergraph.current),
    busy: overload.busy,
    async listen() {
      const { host, port } = config
      if (!options.identify && !knowsOthers(config) && !isLoopbackName(host)) throw new ReaderError(notForOthers(host))
      return await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EADDRINUSE' ? new ReaderError(portTaken(host, port), { cause: error }) : error
      })
    },
    async close() {
      await end.close()
      overload.close()
      await supergraph.close()
      await dataSources.close()
    },
  }
}

/** No route has a schema; Fastify's own compilers of them would be imported at each start all the same. */
const noSchemas = () => () => {
  throw new Error('a route has a schema: it needs a compiler (schemaController)')
}

/** The client's id for a request, so that its log and ours meet, unless it could harm a log. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** No page may use anything but what the gateway serves itself; nothing of it may be shown inside another page. */
const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'", 'data:'],
      workerSrc: ["'self'", 'blob:'],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
  },
  // The gateway itself speaks plain HTTP.
  strictTransportSecurity: false,
}

function notForOthers(host: string): string {
  return `The gateway cannot tell who asks from another computer, so it only listens on this computer, and gateway.host is "${host}". Configure gateway.keys (npx modelops key <id> makes one) or gateway.oidc, or set gateway.host to 127.0.0.1 (or the environment variable HOST, where that sets it).`
}

function portTaken(host: string, port: number): string {
  return `Port ${port} of ${host} is taken by another program. Set gateway.port, or the environment variable PORT, to a free one.`
}
