import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLError } from 'graphql'
import { calls } from './call.ts'

/**
 * A null where the schema promises a value takes the object around it away. Where no other error says why, Apollo tells
 * it among the extensions, where nobody looks: here it becomes an error like every other.
 */
export const tellBrokenPromises: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single') return
        const { singleResult } = body
        const broken: unknown = singleResult.extensions?.valueCompletion
        if (!Array.isArray(broken)) return
        delete singleResult.extensions
        singleResult.errors = broken.map(toError)
      },
    }
  },
}

function toError({ message, path }: GraphQLError) {
  const call = calls.getStore()
  if (call) call.errors += 1
  call?.context.log.warn({ path, reason: message }, 'a part of the graph broke its promise')
  return {
    message: `A part of the graph gave nothing where it promises a value, so what is around it is null: ${message}`,
    ...(path && { path }),
    extensions: { code: 'SUBGRAPH_BAD_RESPONSE', ...(call && { requestId: call.context.requestId }) },
  }
}
