import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Incomplete } from '#lib/common.generated.ts'
import { readGateSubject } from '#lib/gate-subject.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { calls } from './call.ts'
import { type Problem, sendProblem } from './problem.ts'
import type { Answering } from './request.ts'

/** Where CI asks whether something may be promoted. */
const GATE = '/gate'

/** Models of one name that are told apart at most. */
const MOST_NAMED = 50

const FIND = `query GateSubject($name: String!, $first: Int!) {
  models(first: $first, where: { name: $name }) {
    nodes { id aliases { name version } provenance { stale fetchedAt source { id } } }
    incomplete { source reason message }
  }
}`

const RECORD = `mutation RecordGate($subject: ID!, $policies: [ID!]) {
  recordGate(subject: $subject, policies: $policies) {
    subject decision allowed reason asOf judgedAt recordId
    findings {
      subject outcome severity message asOf waivedUntil waivedBy waivedReason
      evidence { path value source fetchedAt }
      incomplete { source reason message }
      rule { id title description why remedy clauses hash }
    }
  }
}`

/** What `addGateRoute` needs. */
export interface GateRoute {
  /** The server of now. */
  readonly apollo: () => ApolloServer
  readonly answering: Answering
  /** The largest page that may be asked for. */
  readonly pageSize: number
}

/**
 * Adds `POST /gate` with `{ "subject": "<model>@<alias or version>", "policies": […] }`: judges, records the decision and
 * answers with it. Whatever was decided is a 200; what keeps it from being asked is a problem with a code.
 */
export function addGateRoute(app: FastifyInstance, { apollo, answering, pageSize }: GateRoute): void {
  app.post(GATE, {
    onRequest: answering.admit,
    handler: (request, reply) => {
      const asked = readBody(request.body)
      if ('problem' in asked) return sendProblem(reply, badInput(asked.problem))
      const server = apollo()
      return answering.answer(request, reply, () => answer(asked, { apollo: server, pageSize, reply }))
    },
  })
}

interface Asked {
  readonly subject: string
  readonly policies: readonly string[] | undefined
}

/** Only JSON makes an object of a body: a page of another site cannot send that without being asked first. */
function readBody(body: unknown): Asked | { readonly problem: string } {
  const { subject, policies } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  if (typeof subject !== 'string') return { problem: 'expected a JSON body with "subject", a text.' }
  if (policies === undefined || policies === null) return { subject, policies: undefined }
  if (!Array.isArray(policies) || !policies.every((one) => typeof one === 'string')) {
    return { problem: 'expected "policies" to be a list of ids of policies.' }
  }
  return { subject, policies }
}

async function answer(
  { subject, policies }: Asked,
  { apollo, pageSize, reply }: { apollo: ApolloServer; pageSize: number; reply: FastifyReply },
): Promise<unknown> {
  const found = await find(subject, apollo, Math.min(pageSize, MOST_NAMED))
  if (typeof found !== 'string') return sendProblem(reply, found)
  const { data, errors } = await ask(apollo, RECORD, { subject: found, policies: policies ?? null })
  const [error] = errors
  const result = data?.recordGate
  if (result) return reply.send(result)
  if (!error) return sendProblem(reply, notThere(subject))
  const code = String(error.extensions?.code ?? '')
  return sendProblem(reply, BAD_INPUT.has(code) ? badInput(error.message) : silent(error.message))
}

/** The id of what is meant; else why it cannot be told. */
async function find(text: string, apollo: ApolloServer, most: number): Promise<string | Problem> {
  const read = readGateSubject(text)
  if ('problem' in read) return badInput(`subject: ${read.problem}.`)
  if ('id' in read) return read.id
  // A job sets an alias and asks then: what was read before would have another version judged.
  const { data, errors } = await ask(apollo, FIND, { name: read.model, first: most }, { maxAgeSeconds: 0 })
  const models = data?.models as { nodes: readonly Model[]; incomplete: readonly Incomplete[] } | null | undefined
  if (!models) return silent(errors[0]?.message ?? 'the registries could not be asked.')
  // With a registry that is silent, one may be one of several, and judging the other would open the gate for a wrong one.
  const [unheard] = models.incomplete.filter(({ reason }) => reason !== 'FORBIDDEN')
  if (unheard) return silent(unheard.message)
  const [first, ...others] = models.nodes
  if (!first) return notThere(text)
  const old = models.nodes.find(({ provenance }) => provenance?.stale)?.provenance
  if (old) return silent(`${old.source.id} does not answer; what is known of the model is from ${old.fetchedAt}.`)
  const ids = [first, ...others].map((model) => versionOf(model, read.at))
  return others.length === 0 ? (ids[0] ?? notThere(text)) : ambiguous(text, ids)
}

interface Model {
  readonly id: string
  readonly aliases: readonly { readonly name: string; readonly version: string }[]
  readonly provenance: {
    readonly stale: boolean
    readonly fetchedAt: string
    readonly source: { readonly id: string }
  } | null
}

/** The version that an alias of the model points at; a text that is none is the version itself. */
function versionOf({ id, aliases }: Model, at: string): string {
  const [source = '', name = ''] = parseId(id)?.parts ?? []
  return makeId('ModelVersion', source, name, aliases.find((alias) => alias.name === at)?.version ?? at)
}

async function ask(
  apollo: ApolloServer,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  more: { readonly maxAgeSeconds?: number } = {},
) {
  const context = calls.getStore()?.context
  if (!context) throw new Error('the gate was asked outside of a request')
  const contextValue = { ...context, ...more }
  const { body } = await apollo.executeOperation({ query, variables }, { contextValue })
  if (body.kind !== 'single') throw new Error('a question of the gate is answered at once')
  const { data, errors = [] } = body.singleResult
  return { data: data as Readonly<Record<string, unknown>> | null | undefined, errors }
}

const BAD_INPUT = new Set(['BAD_USER_INPUT', 'IDEMPOTENCY_KEY_REUSED'])

const badInput = (message: string): Problem => ({ status: 400, code: 'BAD_USER_INPUT', message })

const notThere = (subject: string): Problem => {
  const message = `There is no ${subject} that you may see: look at the name, the alias and the version, and at your roles.`
  return { status: 404, code: 'NOT_FOUND', message }
}

const silent = (why: string): Problem => {
  const message = `Nothing was decided, since something could not be asked: ${why}`
  return { status: 503, code: 'UNDECIDED', message }
}

const ambiguous = (subject: string, ids: readonly string[]): Problem => {
  const message = `Several registries have ${subject}: say which, by its id: ${ids.join(', ')}`
  return { status: 409, code: 'AMBIGUOUS', message }
}
