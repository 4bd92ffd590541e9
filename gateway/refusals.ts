import type { FastifyError, FastifyInstance } from 'fastify'
import type { GatewayConfig } from './config.ts'
import { type Problem, sendProblem } from './problem.ts'

/** Answers in words what no route answers, and what fails before or within one. Routes are added after it. */
export function addRefusals(app: FastifyInstance, limits: GatewayConfig['limits']): void {
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()])
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = methods.get(path)
    if (!allowed || allowed.includes(request.method)) return sendProblem(reply, notFound)
    reply.header('allow', allowed.join(', '))
    return sendProblem(reply, {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      message: `${path} takes ${allowed.join(' and ')}, not ${request.method}.`,
    })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return sendProblem(reply, refusal(error, status, limits))
    request.log.error({ err: error }, 'an unexpected error')
    return sendProblem(reply, {
      status: 500,
      code: 'INTERNAL_SERVER_ERROR',
      message: `Something went wrong inside the gateway (request ${request.id}). Its log tells what, under that id.`,
    })
  })
}

const notFound: Problem = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is nothing here. The graph answers at /graphql, the page to explore it is /graphiql.',
}

function refusal({ code, message }: FastifyError, status: number, limits: GatewayConfig['limits']): Problem {
  if (status === 413) {
    const words = `The request is larger than ${limits.bodyBytes} bytes (gateway.limits.bodyBytes).`
    return { status, code: 'REQUEST_TOO_LARGE', message: words }
  }
  if (status === 415) {
    return {
      status,
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'Send the query as JSON, with content-type: application/json.',
    }
  }
  // Fastify's other refusals (of a body that is no JSON, of an address that is none) are in words already.
  return { status, code: code === 'FST_ERR_BAD_URL' ? 'BAD_URL' : 'BAD_REQUEST', message }
}
