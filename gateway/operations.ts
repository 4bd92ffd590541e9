import type { ApolloServerPlugin } from '@apollo/server'
import { instruments } from '#lib/telemetry/instruments.ts'
import { isTimeout } from '#lib/upstream/limit.ts'
import { calls } from './call.ts'

const measures = instruments((meter) => ({
  operations: meter.createCounter('modelops.graphql.operations', {
    description:
      'GraphQL operations by type and outcome. ok: without errors; partial: with data and errors; failed: without data; cancelled: nobody waited for it any more.',
  }),
  errors: meter.createCounter('modelops.graphql.errors', {
    description: 'Errors in answers, by code.',
  }),
}))

/** Counts operations and errors. Their names are the clients' and could be any number, so they are in the log alone. */
export const countOperations: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ operation, response: { body } }) {
        if (body.kind !== 'single') return
        const { data, errors = [] } = body.singleResult
        const { aborted, reason } = calls.getStore()?.context.signal ?? {}
        const cancelled = aborted && !isTimeout(reason)
        const outcome = cancelled ? 'cancelled' : errors.length === 0 ? 'ok' : data ? 'partial' : 'failed'
        const type = operation?.operation ?? 'unknown'
        measures().operations.add(1, { 'graphql.operation.type': type, outcome })
        if (cancelled) return
        for (const { extensions } of errors) measures().errors.add(1, { code: codeOf(extensions?.code) })
      },
    }
  },
}

/** A code as ours are written; what a subgraph of others puts there could be anything. */
function codeOf(code: unknown): string {
  return typeof code === 'string' && /^[A-Z][A-Z_]{1,39}$/.test(code) ? code : 'OTHER'
}
