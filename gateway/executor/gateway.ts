import type { DocumentNode } from 'graphql'
import { ApolloGateway } from './apollo-gateway.ts'
import { refuseHidden } from './hidden.ts'
import { compileOperation, type Operation } from './operation.ts'
import { type Executor, type GatewayInterface, type Plan, type Request, Unsupported } from './plan.ts'

/** Planned once, compiled when it comes again; null: cannot be compiled. */
interface Known {
  readonly plan: Plan
  operation?: Operation | null
}

/**
 * Apollo's gateway, but operations that come again are executed by what is compiled from their plan. The first time, and
 * for all that cannot be compiled, Apollo executes them.
 *
 * What is kept of an operation hangs on its document: the server keeps that while the operation is in use, parses it anew
 * for another schema, and what is compiled goes with it.
 */
export function compiledGateway(config: ConstructorParameters<typeof ApolloGateway>[0]): GatewayInterface {
  const known = new WeakMap<DocumentNode, Map<string | null, Known>>()
  const gateway = new ApolloGateway({
    ...config,
    experimental_didResolveQueryPlan({ requestContext, ...plan }) {
      // Thrown to the client: nothing was fetched yet.
      refuseHidden(plan)
      const { document, operationName } = requestContext
      const operations = known.get(document) ?? new Map<string | null, Known>()
      // Told each time that Apollo executes it, and so of what cannot be compiled again and again.
      if (!operations.has(operationName)) operations.set(operationName, { plan })
      known.set(document, operations)
    },
  })

  const compiled = ({ document, operationName, schema }: Request): Operation | null => {
    const found = known.get(document)?.get(operationName)
    if (!found || found.plan.operationContext.schema !== schema) return null
    if (found.operation === undefined) found.operation = compile(found.plan)
    return found.operation
  }
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor } = await gateway.load(options)
      const execute: Executor = (request) => compiled(request)?.(request) ?? executor(request)
      return { executor: execute }
    },
  }
}

function compile(plan: Plan): Operation | null {
  try {
    return compileOperation(plan)
  } catch (error) {
    if (error instanceof Unsupported) return null
    throw error
  }
}
