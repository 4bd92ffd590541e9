import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { calls } from '../call.ts'
import { type Problem, sendProblem } from '../problem.ts'
import type { Answering } from '../request.ts'
import { toDot } from './dot.ts'
import { LINEAGE, type Lineage, missingIn } from './lineage.ts'
import { toMermaid } from './mermaid.ts'
import { toOpenLineage } from './open-lineage.ts'

/** How a walk is written down, by the end of the path. */
const FORMS: Readonly<Record<string, { readonly type: string; write(lineage: Lineage): string }>> = {
  dot: { type: 'text/vnd.graphviz; charset=utf-8', write: toDot },
  // Mermaid has no media type of its own.
  mmd: { type: 'text/plain; charset=utf-8', write: toMermaid },
  json: {
    type: 'application/json; charset=utf-8',
    write: (lineage) => `${JSON.stringify(toOpenLineage(lineage, new Date()), null, 2)}\n`,
  },
}

/** Told with each document: how many entries in it say that something is missing. */
const INCOMPLETE = 'x-incomplete'

/**
 * Adds `GET /lineage.{dot,mmd,json}?of=<id>`: what `Query.lineage` answers, for people's documents and other tools. Taken,
 * limited and waited for as every query is. Ids stand in the query, since proxies decode what a path holds.
 */
export function addLineageExports(app: FastifyInstance, apollo: () => ApolloServer, answering: Answering): void {
  for (const [end, { type, write }] of Object.entries(FORMS)) {
    app.route({
      method: 'GET',
      url: `/lineage.${end}`,
      exposeHeadRoute: false,
      onRequest: answering.admit,
      handler: (request, reply) =>
        answering.answer(request, reply, async () => {
          const asked = readParameters(request)
          if ('problem' in asked) return sendProblem(reply, asked.problem)
          const found = await walk(apollo(), asked.variables)
          if ('problem' in found) return sendProblem(reply, found.problem)
          return send(reply, type, write(found.lineage), missingIn(found.lineage))
        }),
    })
  }
}

function send(reply: FastifyReply, type: string, text: string, missing: number): FastifyReply {
  return reply.type(type).header('cache-control', 'private, no-store').header(INCOMPLETE, missing).send(text)
}

type Variables = Readonly<Record<string, string | number>>

const bad = (message: string): { problem: Problem } => ({ problem: { status: 400, code: 'BAD_USER_INPUT', message } })

const KNOWN = ['of', 'direction', 'depth', 'maxNodes']

/** The variables of the query, or what is wrong with the address. */
function readParameters({ query }: FastifyRequest): { variables: Variables } | { problem: Problem } {
  const given = query as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined) return bad(`There is no parameter of that name: there are ${KNOWN.join(', ')}.`)
  const variables: Record<string, string | number> = {}
  for (const key of KNOWN) {
    const value = given[key]
    if (value === undefined) continue
    if (typeof value !== 'string') return bad(`${key}: expected it once`)
    const wanted = key === 'depth' || key === 'maxNodes' ? /^\d{1,6}$/ : key === 'direction' ? DIRECTION : /./s
    if (!wanted.test(value)) return bad(`${key}: expected ${EXPECTED[key]}`)
    variables[key] = key === 'depth' || key === 'maxNodes' ? Number(value) : value
  }
  if (variables.of === undefined) {
    return bad('Which thing? Add ?of=<id>, percent-encoded, such as ?of=Model%3Amlflow%3Achurn.')
  }
  return { variables }
}

const DIRECTION = /^(UPSTREAM|DOWNSTREAM|BOTH)$/

const EXPECTED: Readonly<Record<string, string>> = {
  of: 'the id of a thing',
  direction: 'UPSTREAM, DOWNSTREAM or BOTH',
  depth: 'a whole number',
  maxNodes: 'a whole number',
}

/** Asks within the request at hand. */
async function walk(apollo: ApolloServer, variables: Variables): Promise<{ lineage: Lineage } | { problem: Problem }> {
  const contextValue = calls.getStore()?.context ?? {}
  const { body } = await apollo.executeOperation({ query: LINEAGE, variables: { ...variables } }, { contextValue })
  if (body.kind !== 'single') throw new Error('a query without @defer is answered at once')
  const { data, errors = [] } = body.singleResult
  const lineage = data?.lineage as Lineage | null | undefined
  if (lineage) return { lineage }
  const [error] = errors
  if (!error) {
    const message = 'There is nothing of this id in the graph. An id looks like Model:mlflow:churn.'
    return { problem: { status: 404, code: 'NOT_FOUND', message } }
  }
  const code = String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR')
  return { problem: { status: statusOf(code), code, message: error.message } }
}

function statusOf(code: string): number {
  if (code === 'INTERNAL_SERVER_ERROR') return 500
  if (code === 'UPSTREAM_TIMEOUT' || code === 'REQUEST_TIMEOUT') return 504
  return code === 'SUBGRAPH_UNAVAILABLE' || code === 'SUBGRAPH_BAD_RESPONSE' ? 502 : 400
}
