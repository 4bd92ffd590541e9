import type { FastifyReply } from 'fastify'

/** A refusal or failure outside of GraphQL's execution, answered in GraphQL's form so that every client can show it. */
export interface Problem {
  readonly status: number
  readonly code: string
  /** For the reader: what happened and what to do. */
  readonly message: string
  /** More for the log alone. */
  readonly reason?: string | undefined
}

const graphqlJson = 'application/graphql-response+json'

/** Answers with a problem, as the media type that the client asked for, and writes it to the log. */
export function sendProblem(reply: FastifyReply, { status, code, message, reason }: Problem): FastifyReply {
  const { request } = reply
  request.log.info({ method: request.method, status, code, reason }, 'refused')
  const type = request.headers.accept?.includes(graphqlJson) ? graphqlJson : 'application/json'
  const error = { message, extensions: { code, requestId: request.id } }
  return reply
    .code(status)
    .type(`${type}; charset=utf-8`)
    .send(JSON.stringify({ errors: [error] }))
}
