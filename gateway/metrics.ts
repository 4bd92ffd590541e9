import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Caller } from '#lib/caller.ts'
import { EXPOSITION_TYPE } from '#lib/telemetry/exposition.ts'
import { instruments, SECONDS } from '#lib/telemetry/instruments.ts'
import { sendProblem } from './problem.ts'

/** Where metrics are read. */
export const METRICS = '/metrics'

const measures = instruments((meter) =>
  meter.createHistogram('http.server.request.duration', {
    description: 'Time until a request was answered. 499: the client did not wait for it.',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  }),
)

/** Measures every request, by route and never by address. To be added before all other hooks. */
export function measureRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const started = performance.now()
    const { raw } = reply
    raw.once('close', () => {
      const route = request.routeOptions.url
      measures().record((performance.now() - started) / 1_000, {
        'http.request.method': request.method,
        ...(route !== undefined && { 'http.route': route }),
        'http.response.status_code': raw.writableEnded ? raw.statusCode : 499,
      })
    })
    done()
  })
}

/** Adds `/metrics`; `read` gives them in Prometheus' text format. */
export function addMetricsRoute(app: FastifyInstance, read: () => Promise<string>): void {
  app.get(METRICS, async (_request, reply) =>
    reply
      .type(EXPOSITION_TYPE)
      .header('cache-control', 'no-store')
      .send(await read()),
  )
}

/** Whether a caller reads metrics and nothing else, so that a key that lies beside a scraper opens nothing more. */
export const readsMetricsOnly = ({ roles }: Caller): boolean =>
  roles.length > 0 && roles.every((role) => role === 'metrics')

/** Refuses such a caller everything else. */
export function sendMetricsOnly(reply: FastifyReply): FastifyReply {
  const message = `Whoever has the role "metrics" and no other reads ${METRICS} and nothing else.`
  return sendProblem(reply, { status: 403, code: 'FORBIDDEN', message })
}
