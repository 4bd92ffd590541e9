import type { RequestContext } from './context.ts'

/** What the graph answers to a question from within: as to any client, holes and all. */
export interface GraphAnswer {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

/**
 * The graph as a subgraph asks it, with the rights of whoever asked the subgraph: for rules, whose facts are anywhere, and
 * for walks over all types. Handed in by the composition root; nothing in a subgraph knows whether the gateway is here.
 */
export interface GraphPort {
  /**
   * Asks within the request at hand: its caller, its time, its freshness. For work of its own, a subgraph makes a context
   * itself, whose signal is all that bounds the question. `document` is one of a few texts that the
   * subgraph always asks with other variables, so that it is planned once. Rejects when the graph cannot be asked at all.
   */
  query(document: string, variables: Readonly<Record<string, unknown>>, context: RequestContext): Promise<GraphAnswer>
}

/** Deeper questions are refused: a rule may ask what a rule says, and no further. */
export const MAX_GRAPH_DEPTH = 2

/** Asks the graph; where it cannot be asked at all, that is an error of an empty answer. */
export async function askGraph(
  graph: GraphPort,
  document: string,
  variables: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<GraphAnswer> {
  try {
    return await graph.query(document, variables, context)
  } catch (error) {
    context.log.warn({ err: error }, 'the graph could not be asked from within')
    const message = 'The graph could not be asked: ask again in a moment.'
    return { data: null, errors: [{ message, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] }
  }
}
