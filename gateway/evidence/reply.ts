import { createHash } from 'node:crypto'
import type { ApolloServer } from '@apollo/server'
import type { FastifyReply } from 'fastify'
import { parse, validate } from 'graphql'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'
import type { Call } from '../call.ts'
import { sendProblem } from '../problem.ts'
import { type Nones, nonesOf, textOf } from './answer.ts'
import { askGraph } from './ask.ts'
import { gather } from './gather.ts'
import { completenessOf } from './holes.ts'
import { rulesOf } from './judgements.ts'
import { packOf } from './pack.ts'
import { QUESTIONS, type QuestionName } from './questions.ts'
import { noModel, subjectOf } from './subject.ts'
import { tool } from './tool.ts'

/** What packs are made of. */
export interface EvidenceOptions {
  /** The server of now, and the composed graph that it serves. */
  readonly current: () => { readonly server: ApolloServer; readonly sdl: string }
  /** The largest page that may be asked for. */
  readonly pageSize: number
}

/** Answers with the pack of a model, by its id or name. */
export type EvidenceReply = (of: string, call: Call, reply: FastifyReply) => Promise<FastifyReply>

export function createEvidenceReply({ current, pageSize }: EvidenceOptions): EvidenceReply {
  const contractOf = lastOf(readContract)

  return async (of, call, reply) => {
    call.operation = 'Evidence'
    const { server, sdl } = current()
    const { nones, hash } = contractOf(sdl)
    const { first, ask } = askGraph({ server, call, nonesOf: (question) => nones.get(question) })
    const subject = await subjectOf(of, first, pageSize)
    if (!('id' in subject)) return sendProblem(reply, subject)
    const evidence = await gather({ id: subject.id, first, ask, pageSize })
    if (!evidence) return sendProblem(reply, noModel(of))
    if (evidence.model.value === null) {
      const why = evidence.model.why.map(({ message }) => message).join(' ')
      const message = `Nothing can be told of ${subject.id} now, not even whether it exists. ${why}`
      return sendProblem(reply, { status: 503, code: 'EVIDENCE_UNAVAILABLE', message })
    }
    const madeAt = new Date().toISOString()
    const [completeness, rules] = [completenessOf(evidence), rulesOf(evidence)]
    const pack = packOf({ evidence, completeness, rules, madeAt, tool, graphHash: hash })
    return reply
      .type('application/zip')
      .header('content-disposition', attachment(textOf(evidence.model.get('name')) ?? 'model', madeAt))
      .header('cache-control', 'private, no-store')
      .header('x-incomplete', completeness.missing.length)
      .send(Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength))
  }
}

/** What the contract says of null in the answer of each question that this graph can answer, and the contract's own hash. */
function readContract(sdl: string): { readonly nones: ReadonlyMap<QuestionName, Nones>; readonly hash: string } {
  const graph = readRuleGraph(sdl)
  const names = Object.keys(QUESTIONS) as QuestionName[]
  // A company's own supergraph may lack a part, or be older than the questions.
  const known = names.filter((name) => validate(graph.schema, parse(QUESTIONS[name])).length === 0)
  return {
    nones: new Map(known.map((name) => [name, nonesOf(QUESTIONS[name], graph)])),
    hash: createHash('sha256').update(sdl).digest('hex'),
  }
}

/** Makes something of a text once, as long as the text stays the same. */
function lastOf<T>(make: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly made: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) }
    return last.made
  }
}

/** How a browser is to call the file: in letters that every system takes, and in full where it knows how. */
function attachment(name: string, madeAt: string): string {
  const file = `evidence-${name}-${madeAt.slice(0, 10)}.zip`.toWellFormed()
  const plain = file.replace(/[^\w.-]+/g, '_').slice(0, 200)
  const full = encodeURIComponent(file.replace(/[^\p{L}\p{N}.-]+/gu, '_'))
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}
