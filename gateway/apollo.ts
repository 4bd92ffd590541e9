import type { GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { Logger } from 'pino'
import { isAsComposed } from '#schema/stamp.ts'
import { withoutApolloEnvironment } from './apollo-environment.ts'
import { tellBrokenPromises } from './broken-promises.ts'
import { calls } from './call.ts'
import type { GatewayConfig } from './config.ts'
import { formatError } from './errors.ts'
import { compiledGateway } from './executor/gateway.ts'
import { answerIntrospection } from './introspection.ts'
import { pageSizePlugin } from './limits/page-size.ts'
import { limitsRule } from './limits/rule.ts'
import { countOperations } from './operations.ts'

/** What `startApollo` needs. */
export interface ApolloOptions {
  readonly limits: GatewayConfig['limits']
  readonly supergraphSdl: string
  /** Who answers for each subgraph that the supergraph names. */
  readonly dataSource: (name: string) => GraphQLDataSource
  readonly log: Logger
}

/**
 * Apollo's server over the supergraph, started: limits, planning, error formatting. It talks to nobody outside, whatever
 * the environment says. Throws when the supergraph is none.
 */
export async function startApollo({ limits, supergraphSdl, dataSource, log }: ApolloOptions): Promise<ApolloServer> {
  const logger = quieter(log)
  const server = withoutApolloEnvironment(() => {
    const gateway = compiledGateway({
      supergraphSdl,
      buildService: ({ name }) => dataSource(name),
      // Fragments would make a fetch shorter on the wire, where there is one, and cost time in each plan.
      queryPlannerConfig: {
        exposeDocumentNodeInFetchNode: true,
        reuseQueryFragments: false,
        generateQueryFragments: false,
      },
      // It was validated when it was composed, but a file can be changed by hand.
      validateSupergraph: !isAsComposed(supergraphSdl),
      __exposeQueryPlanExperimental: false,
      debug: false,
      logger,
    })
    return new ApolloServer({
      gateway,
      logger,
      nodeEnv: 'production',
      introspection: true,
      csrfPrevention: true,
      allowBatchedHttpRequests: false,
      persistedQueries: false,
      stopOnTerminationSignals: false,
      includeStacktraceInErrorResponses: false,
      parseOptions: { maxTokens: limits.tokens },
      validationRules: [limitsRule(limits)],
      formatError: formatError(limits, log),
      plugins: [
        pageSizePlugin(limits),
        nameOperation,
        answerIntrospection,
        tellBrokenPromises,
        countOperations,
        ApolloServerPluginCacheControlDisabled(),
        ApolloServerPluginInlineTraceDisabled(),
        ApolloServerPluginLandingPageDisabled(),
        ApolloServerPluginSchemaReportingDisabled(),
        ApolloServerPluginUsageReportingDisabled(),
      ],
    })
  })
  await server.start()
  return server
}

/** Tells the log what an operation calls itself. */
const nameOperation: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operationName }) {
        const call = calls.getStore()
        if (call) call.operation = operationName ?? undefined
      },
    }
  },
}

/** What Apollo finds worth telling at each start, an operator does not. */
function quieter(log: Logger) {
  return {
    debug: (message: unknown) => log.trace(message),
    info: (message: unknown) => log.debug(message),
    warn: (message: unknown) => log.warn(message),
    error: (message: unknown) => log.error(message),
  }
}
