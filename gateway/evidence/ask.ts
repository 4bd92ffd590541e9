import type { ApolloServer } from '@apollo/server'
import { type Call, calls, type GatewayContext } from '../call.ts'
import type { Asked, Nones } from './answer.ts'
import { QUESTIONS, type QuestionName } from './questions.ts'

/** Asks one of the questions, with the rights of whoever asked for the pack. Answers with its errors, never rejects for a source. */
export type Ask = (question: QuestionName, variables: Readonly<Record<string, unknown>>) => Promise<Asked>

/** The share of the time left that the questions of a pack have, so that it can still be put together. */
const SHARE_OF_TIME = 0.85

/** The share that a question has on whose answer others wait. */
const SHARE_OF_FIRST = 0.5

/** What `askGraph` needs. */
export interface AskOptions {
  /** One server for all questions of a pack, so that they are about one graph. */
  readonly server: ApolloServer
  /** What the contract says of null in the answer; undefined: this graph cannot answer the question. */
  readonly nonesOf: (question: QuestionName) => Nones | undefined
  /** The request, which was admitted as a whole: its questions take no turns of their own, and no limit counts them. */
  readonly call: Call
}

/** The ways to ask for one request: `first` for what others wait on, which gives up earlier, and `ask` for all else. */
export function askGraph({ server, nonesOf, call }: AskOptions): { readonly first: Ask; readonly ask: Ask } {
  const askIn =
    (context: GatewayContext): Ask =>
    async (question, variables) => {
      const document = QUESTIONS[question]
      const nones = nonesOf(question)
      const asked = { question, document, variables, askedAt: new Date().toISOString() }
      if (!nones) return { ...asked, data: null, errors: [], nones: new Map(), unknown: true }
      const own: Call = { context, own: true, operation: undefined, errors: 0 }
      const { body } = await calls.run(own, () =>
        server.executeOperation({ query: document, variables: { ...variables } }, { contextValue: context }),
      )
      call.errors += own.errors
      if (body.kind !== 'single') throw new Error('a question of a pack is answered at once')
      const { data = null, errors = [] } = body.singleResult
      return { ...asked, data: data as Asked['data'], errors, nones }
    }
  // One context for many questions: they share what each of them has read.
  return { first: askIn(shortened(call.context, SHARE_OF_FIRST)), ask: askIn(shortened(call.context, SHARE_OF_TIME)) }
}

function shortened(context: GatewayContext, share: number): GatewayContext {
  const left = Math.max(0, context.sourcesUntil - performance.now())
  const within = (milliseconds: number) => AbortSignal.timeout(Math.floor(milliseconds))
  return {
    ...context,
    signal: AbortSignal.any([context.signal, within(left * share)]),
    cutOff: AbortSignal.any([context.cutOff, within(left * (share + 0.05))]),
    sourcesUntil: performance.now() + left * share,
  }
}
