import { execute, type FormattedExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import type { RequestContext } from '../context.ts'
import { causeOf, graphqlFailure, stopped } from '../failure.ts'
import { UpstreamError } from '../upstream/error.ts'
import { createReader } from './documents.ts'

/** A query as GraphQL over HTTP has it. */
interface Query {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  readonly operationName?: string | null | undefined
}

/** Answers queries from a schema. */
type Answer = (query: Query, context: RequestContext) => Promise<FormattedExecutionResult>

/** Executes queries; what cannot be read has no `data` in its answer. */
export function createAnswer(schema: GraphQLSchema): Answer {
  const read = createReader(schema)
  return async ({ query, variables, operationName }, contextValue) => {
    const known = read(query)
    if ('errors' in known) return { errors: known.errors.map((error) => error.toJSON()) }
    const { document } = known
    const variableValues = variables ?? null
    const { data, errors } = await execute({
      ...{ schema, document, contextValue, variableValues, operationName: operationName ?? null },
    })
    return { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(told(contextValue)) }) }
  }
}

/** An error as the gateway would have it of a part of its own process: with the code it was thrown with, if any. */
const told =
  ({ signal, log }: RequestContext) =>
  (error: GraphQLError) => {
    const cause = causeOf(error)
    const known = cause instanceof UpstreamError ? graphqlFailure(cause) : stopped(cause, signal)
    if (known) {
      const { path } = error
      return new GraphQLError(known.message, { extensions: known.extensions, path: path ?? null }).toJSON()
    }
    // The gateway hears its message alone.
    if (error.extensions.code === undefined) log.error({ err: cause, path: error.path }, 'an unexpected error')
    return error.toJSON()
  }
