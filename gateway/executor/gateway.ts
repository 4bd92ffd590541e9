import type { DocumentNode } from 'graphql'
import { ApolloGateway } from './apollo-gateway.ts'
import { refuseHidden } from './hidden.ts'
import { compileOperation, type Operation } from './operation.ts'
import { type Executor, type GatewayInterface, type Plan, type Request, type Result, Unsupported } from './plan.ts'

/** Planned and compiled once; null: cannot be compiled. */
interface Known {
  readonly plan: Plan
  operation?: Operation | null
}

/** Thrown to Apollo's executor when it has planned an operation, so that it does not execute it as well. */
class Planned extends Error {}

/**
 * Apollo's gateway, but operations are executed by what is compiled from their plan. Apollo plans them, and executes all that
 * cannot be compiled: it takes an error of one entity among those of other types for one of the entity before.
 *
 * What is kept of an operation hangs on its document: the server keeps that while the operation is in use, parses it anew
 * for another schema, and what is compiled goes with it.
 */
export function compiledGateway(config: ConstructorParameters<typeof ApolloGateway>[0]): GatewayInterface {
  const known = new WeakMap<DocumentNode, Map<string | null, Known>>()
  const byApollo = new WeakSet<object>()
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
      if (!byApollo.has(requestContext)) throw new Planned()
    },
  })

  /** undefined: not planned yet. */
  const compiled = ({ document, operationName, schema }: Request): Operation | null | undefined => {
    const found = known.get(document)?.get(operationName)
    if (!found || found.plan.operationContext.schema !== schema) return undefined
    if (found.operation === undefined) found.operation = compile(found.plan)
    return found.operation
  }
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor } = await gateway.load(options)
      const execute: Executor = async (request) => {
        const operation = compiled(request)
        const refused = operation === undefined ? await refusedBy(executor, request) : undefined
        const result = refused ?? (operation ?? compiled(request))?.(request)
        if (result) return result
        byApollo.add(request)
        return executor(request)
      }
      return { executor: execute }
    },
  }
}

/** Plans an operation; tells why not, or rejects, as the executor does. undefined: it is planned. */
async function refusedBy(executor: Executor, request: Request): Promise<Result | undefined> {
  try {
    return await executor(request)
  } catch (error) {
    if (error instanceof Planned) return undefined
    throw error
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
