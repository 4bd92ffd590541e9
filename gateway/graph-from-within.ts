import type { ApolloServer } from '@apollo/server'
import type { RequestContext } from '#lib/context.ts'
import { type GraphAnswer, type GraphPort, MAX_GRAPH_DEPTH } from '#lib/graph.ts'
import { type Call, calls, type GatewayContext } from './call.ts'

/** The share of the time left that a question from within has, so that whoever asks can still put its answer together. */
const SHARE_OF_TIME = 0.8

/** Milliseconds that a question has in which no client's time runs. */
const FOR_NOBODY = 60_000

/**
 * The graph as subgraphs in this process ask it: admitted by the query that they answer, so it takes no turn of its own and
 * no limit counts it. `current`: the server of now.
 */
export function graphFromWithin(current: () => ApolloServer): GraphPort {
  // Questions of one request share what it has read: one context for all of them.
  const inner = new WeakMap<RequestContext, GatewayContext>()
  return {
    async query(document, variables, context): Promise<GraphAnswer> {
      // Work of a subgraph's own is asked for by nobody: it is where a client's question is.
      const depth = 'sourcesUntil' in context ? (context.graphDepth ?? 0) + 1 : 0
      if (depth > MAX_GRAPH_DEPTH)
        throw new Error(`the graph asks itself ${depth} times over: at most ${MAX_GRAPH_DEPTH}`)
      const within = inner.get(context) ?? contextWithin(context, depth)
      inner.set(context, within)
      const call: Call = { context: within, operation: undefined, errors: 0 }
      const { body } = await calls.run(call, () =>
        current().executeOperation({ query: document, variables }, { contextValue: within }),
      )
      if (body.kind !== 'single') throw new Error('a question from within is answered at once')
      const { data = null, errors = [] } = body.singleResult
      return { data: data as GraphAnswer['data'], errors }
    },
  }
}

/** In this process the context of a subgraph is the gateway's own, unless it asks for nobody: then its signal is its time. */
function contextWithin(context: RequestContext, graphDepth: number): GatewayContext {
  const { signal: cutOff } = context
  const outer: GatewayContext = { cutOff, sourcesUntil: performance.now() + FOR_NOBODY, ...context }
  const left = Math.floor(Math.max(0, outer.sourcesUntil - performance.now()) * SHARE_OF_TIME)
  const signal = AbortSignal.any([outer.signal, AbortSignal.timeout(left)])
  return { ...outer, graphDepth, signal, sourcesUntil: performance.now() + left }
}

/** Whether the query that runs was asked from within: a client's has no depth. */
export const isFromWithin = (): boolean => calls.getStore()?.context.graphDepth !== undefined
