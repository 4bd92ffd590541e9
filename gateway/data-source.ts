import type { GraphQLDataSource } from '@apollo/gateway'
import { type DocumentNode, type GraphQLFormattedError, Kind, type SelectionSetNode } from 'graphql'
import type { Subgraph } from '#lib/subgraph.ts'
import type { GatewayContext } from './call.ts'
import { executorOf } from './executor/subgraph.ts'

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0]
/** What a subgraph answers. */
export type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>
type Fetch = Extract<ProcessOptions, { incomingRequestContext: unknown }>

/** One fetch of a plan, and the request that it is for. */
export interface Asked {
  /** The plan's document, and the same as text. */
  readonly document: DocumentNode
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>> | undefined
  readonly context: GatewayContext
}

/** Why a subgraph did not answer, for clients: the end of a sentence that names it. */
export interface Silence {
  readonly silent: string
}

/**
 * Answers the plan's fetches from one subgraph. Whatever goes wrong with it as a whole becomes an error that names it, so
 * that the rest of the graph still answers; it is waited for until the request's cut-off.
 */
export function dataSource(
  name: string,
  ask: (asked: Asked) => Answer | Silence | Promise<Answer | Silence>,
): GraphQLDataSource {
  const silent = (fetch: Fetch, code: string, why: string): Answer => ({
    errors: silence(fetch, code, `The part of the graph called "${name}" did not answer: ${why}`),
  })
  return {
    async process(options) {
      if (!isFetch(options)) throw new Error(`A subgraph is only asked parts of queries, not ${options.kind}.`)
      const { document, request } = options
      const context = options.context as GatewayContext
      const { signal, cutOff, log } = context
      const tooLate = () =>
        silent(options, 'UPSTREAM_TIMEOUT', 'its time within this query is over (gateway.requestDeadlineMilliseconds).')
      if (cutOff.aborted) return tooLate()
      try {
        const asked = { document, text: request.query ?? '', variables: request.variables, context }
        const outcome = await unlessAborted(ask(asked), cutOff, tooLate)
        if (!('silent' in outcome)) return outcome
        return cutOff.aborted ? tooLate() : silent(options, 'SUBGRAPH_UNAVAILABLE', outcome.silent)
      } catch (error) {
        log.error({ err: error, subgraph: name, aborted: signal.aborted }, 'a subgraph failed')
        return silent(options, 'SUBGRAPH_UNAVAILABLE', 'it failed inside the gateway.')
      }
    },
  }
}

/**
 * Executes a subgraph's schema in this process: the plan's document as it is, neither printed, parsed nor validated
 * again. Without `subgraph` it never answers.
 */
export function inProcess(name: string, subgraph: Pick<Subgraph, 'schema'> | undefined): GraphQLDataSource {
  let executor: ReturnType<typeof executorOf> | undefined
  return dataSource(name, async (asked) => {
    if (!subgraph) return { silent: 'it does not run in this gateway.' }
    if (!executor) {
      const schema = await subgraph.schema
      executor ??= executorOf(schema)
    }
    return executor(asked)
  })
}

function isFetch(options: ProcessOptions): options is Fetch & { document: DocumentNode } {
  return 'document' in options && options.document !== undefined
}

async function unlessAborted<T>(work: T | Promise<T>, signal: AbortSignal, otherwise: () => T): Promise<T> {
  const aborted = Promise.withResolvers<T>()
  const onAbort = () => aborted.resolve(otherwise())
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A fetch at the top of the query gives an error per field, with its path; a fetch of entities one, which names the fields, without places in lists. */
function silence(
  { document, pathInIncomingRequest = [] }: Fetch,
  code: string,
  message: string,
): GraphQLFormattedError[] {
  const fields = document ? askedFor(document) : []
  if (pathInIncomingRequest.length === 0) {
    return fields.map((field) => ({ message, path: [field], extensions: { code } }))
  }
  const above = pathInIncomingRequest.filter((part) => part !== '@').join('.')
  const missing = fields.map((field) => `${above}.${field}`)
  return [{ message: `${message} Null because of it: ${missing.join(', ')}.`, extensions: { code, missing } }]
}

/** The names, as the answer will have them, of what a fetch is for: its top fields, or those of the entities it asks for. */
function askedFor({ definitions }: DocumentNode): string[] {
  const names = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (selection.kind === Kind.FIELD && selection.name.value === '_entities' && selection.selectionSet) {
        collect(selection.selectionSet)
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        names.add((selection.alias ?? selection.name).value)
      }
    }
  }
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) collect(definition.selectionSet)
  }
  return [...names]
}
