import { type FragmentDefinitionNode, GraphQLError, getVariableValues, Kind, visit } from 'graphql'
import { type Data, type Plan, type Request, type Result, Unsupported } from './plan.ts'
import { compileResponse, type Shape } from './response.ts'
import { compilePlan, type Step } from './steps.ts'

/** Executes an operation; undefined: not with these variables. */
export type Operation = (request: Request) => Promise<Result> | undefined

/** The operation for one setting of the variables that its `@skip` and `@include` ask for. */
interface Variant {
  readonly fetch: Step
  readonly shape: Shape
}

/** More settings of conditions than anybody uses; beyond, nothing is compiled any more. */
const MOST_VARIANTS = 32

/** Throws `Unsupported` where only Apollo's own execution will do. */
export function compileOperation({ queryPlan, serviceMap, operationContext }: Plan): Operation {
  const { schema, operation, fragments } = operationContext
  const conditions = conditionsOf([operation, ...Object.values(fragments)])
  const definitions = operation.variableDefinitions ?? []
  const variants = new Map<string, Variant>()

  const variantFor = (variables: Data): Variant | undefined => {
    const key = conditions.map((name) => variables[name] === true).join()
    const found = variants.get(key)
    if (found || variants.size >= MOST_VARIANTS) return found
    const variant = {
      fetch: compilePlan(queryPlan.node, { schema, serviceMap, variables }),
      shape: compileResponse({ schema, operation, fragments, variables }),
    }
    variants.set(key, variant)
    return variant
  }
  // What cannot be compiled at all is known now.
  variantFor(Object.fromEntries(conditions.map((name) => [name, true])))

  return (request) => {
    const given = request.request.variables ?? {}
    const { coerced, errors } = getVariableValues(schema, definitions, given)
    if (errors) return Promise.resolve({ errors })
    const variant = variantFor(coerced)
    return variant && execute(variant, request)
  }
}

async function execute({ fetch, shape }: Variant, request: Request): Promise<Result> {
  const run = { request, data: {}, errors: [] as GraphQLError[] }
  await fetch(run)
  const broken: GraphQLError[] = []
  try {
    const data = shape(run.data, broken)
    if (run.errors.length > 0) return { errors: run.errors, data }
    // As Apollo's own execution tells of them.
    return broken.length > 0 ? { extensions: { valueCompletion: broken }, data } : { data }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { errors: [new GraphQLError(error.message, { originalError: error })] }
  }
}

/** Names of the variables that `@skip` and `@include` ask for. Throws `Unsupported` on what the compiled code does not know. */
function conditionsOf(definitions: readonly (Plan['operationContext']['operation'] | FragmentDefinitionNode)[]) {
  const names = new Set<string>()
  for (const definition of definitions) {
    visit(definition, {
      Directive({ name, arguments: given }) {
        if (name.value !== 'skip' && name.value !== 'include') throw new Unsupported(`the directive ${name.value}`)
        const value = given?.[0]?.value
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
      },
      Field({ name, alias }) {
        const key = alias?.value ?? name.value
        // Results are plain objects here.
        if (key in Object.prototype) throw new Unsupported(`a field called ${key}`)
        if (key === '__typename' && name.value !== key)
          throw new Unsupported('another field in the place of __typename')
        if (name.value === '__schema' || name.value === '__type') throw new Unsupported('introspection')
      },
    })
  }
  return [...names]
}
