import type { GraphQLDataSource } from '@apollo/gateway'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { atPath, compileRequired, merge, type Path, placesAt } from './entities.ts'
import { type Data, type FetchNode, isData, type Plan, type PlanNode, type Request, Unsupported } from './plan.ts'

/** One execution: what was fetched so far, as the plan's paths address it, and what went wrong. */
interface Run {
  readonly request: Request
  readonly data: Data
  readonly errors: GraphQLError[]
}

/** A part of a plan. Adds to the run; never rejects. */
export type Step = (run: Run) => Promise<void>

interface Known {
  readonly schema: GraphQLSchema
  readonly serviceMap: Plan['serviceMap']
  /** Values of the variables that conditions ask for. */
  readonly variables: Data
}

/** Throws `Unsupported` on kinds of nodes that are not compiled. */
export function compilePlan(node: PlanNode | undefined, known: Known, path: Path = []): Step {
  switch (node?.kind) {
    case undefined:
      return async () => {}
    case 'Sequence': {
      const steps = node.nodes.map((one) => compilePlan(one, known, path))
      return async (run) => {
        for (const step of steps) await step(run)
      }
    }
    case 'Parallel': {
      const steps = node.nodes.map((one) => compilePlan(one, known, path))
      return async (run) => {
        await Promise.all(steps.map((step) => step(run)))
      }
    }
    case 'Flatten':
      return compilePlan(node.node, known, [...path, ...node.path])
    case 'Condition':
      return compilePlan(known.variables[node.condition] === true ? node.ifClause : node.elseClause, known, path)
    case 'Fetch':
      return compileFetch(node, known, path)
    default:
      throw new Unsupported(`a plan with ${node?.kind}`)
  }
}

function compileFetch(node: FetchNode, { schema, serviceMap }: Known, path: Path): Step {
  const { serviceName, inputRewrites, outputRewrites, contextRewrites } = node
  if ([inputRewrites, outputRewrites, contextRewrites].some((rewrites) => rewrites && rewrites.length > 0)) {
    throw new Unsupported('a fetch with rewrites')
  }
  const source = serviceMap[serviceName]
  if (!source) throw new Unsupported('a fetch from nobody')
  const ask = asking(node, source, path)
  const fetch = node.requires ? entityFetch(compileRequired(node.requires, schema), ask, path) : rootFetch(ask, path)
  return async (run) => {
    try {
      await fetch(run)
    } catch (error) {
      run.errors.push(
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error }),
      )
    }
  }
}

/** An enumeration's value that the library does not export. */
const INCOMING_OPERATION = 'incoming operation' as Parameters<GraphQLDataSource['process']>[0]['kind'] &
  'incoming operation'

/** Asks a subgraph, tells its errors, gives back its data. `placeOf`: where in the answer the entity of a number is. */
type Ask = (run: Run, representations?: readonly Data[], placeOf?: (index: number) => Path) => Promise<unknown>

function asking(node: FetchNode, source: GraphQLDataSource, path: Path): Ask {
  const { serviceName, operation: query, operationName, operationDocumentNode: document, variableUsages = [] } = node
  // The planner's own variable.
  if (variableUsages.includes('representations')) throw new Unsupported('a variable called representations')
  return async (run, representations, placeOf) => {
    const given = run.request.request.variables ?? {}
    const variables: Data = representations ? { representations } : {}
    for (const name of variableUsages) {
      if (Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name]
    }
    const { data, errors } = await source.process({
      kind: INCOMING_OPERATION,
      request: { query, variables, ...(operationName !== undefined && { operationName }) },
      incomingRequestContext: run.request,
      context: run.request.context,
      ...(document && { document }),
      pathInIncomingRequest: [...path],
    })
    for (const error of errors ?? []) run.errors.push(told(error, serviceName, placeIn(error.path, path, placeOf)))
    return data
  }
}

function rootFetch(ask: Ask, path: Path): (run: Run) => Promise<void> {
  if (path.length > 0) throw new Unsupported('a fetch below the top without entities')
  return async (run) => merge(run.data, await ask(run))
}

function entityFetch(required: (entity: Data) => Data | null, ask: Ask, path: Path): (run: Run) => Promise<void> {
  return async (run) => {
    const representations: Data[] = []
    const entities: Data[] = []
    for (const entity of atPath(run.data, path)) {
      const representation = required(entity)
      if (!representation?.__typename) continue
      representations.push(representation)
      entities.push(entity)
    }
    if (entities.length === 0) return
    const places = () => placesAt(run.data, path, new Set(entities))
    const data = await ask(run, representations, (index) => places()[index] ?? path)
    if (!isData(data)) return
    const { _entities: found } = data
    if (!Array.isArray(found)) throw new Error(`Expected "data._entities" in response to be an array`)
    if (found.length !== entities.length) {
      throw new Error(`Expected "data._entities" to contain ${entities.length} elements`)
    }
    for (const [i, entity] of entities.entries()) merge(entity, found[i])
  }
}

function placeIn(
  place: Path | undefined,
  path: Path,
  placeOf: ((index: number) => Path) | undefined,
): Path | undefined {
  if (!place) return undefined
  const index = place[1]
  return placeOf && typeof index === 'number' ? [...placeOf(index), ...place.slice(2)] : [...path, ...place]
}

/** A subgraph's error as one of the whole answer; its own code counts. */
function told(error: GraphQLFormattedError, serviceName: string, path: Path | undefined): GraphQLError {
  const message = error.message || `Error while fetching subquery from service "${serviceName}"`
  return new GraphQLError(message, {
    originalError: error as GraphQLError,
    path,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...error.extensions, serviceName },
  })
}
