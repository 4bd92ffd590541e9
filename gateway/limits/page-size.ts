import type { ApolloServerPlugin } from '@apollo/server'
import { type DocumentNode, Kind, type OperationDefinitionNode, type ValueNode, visit } from 'graphql'
import type { GatewayConfig } from '../config.ts'
import { limitError } from './limit-error.ts'

/** Refuses a `first` above the limit, written or from a variable: known only once the variables are. */
export function pageSizePlugin(limits: GatewayConfig['limits']): ApolloServerPlugin {
  // Apollo keeps the document between requests that repeat it, and so is kept what was found in it.
  const known = new WeakMap<DocumentNode, readonly ValueNode[]>()
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          const sizes = known.get(document) ?? pageSizes(document)
          known.set(document, sizes)
          for (const size of sizes) checkSize(size, operation, request.variables ?? {}, limits)
        },
      }
    },
  }
}

/** The value of every `first` in a document. */
function pageSizes(document: DocumentNode): ValueNode[] {
  const sizes: ValueNode[] = []
  visit(document, {
    Argument({ name, value }) {
      if (name.value === 'first') sizes.push(value)
    },
  })
  return sizes
}

function checkSize(
  size: ValueNode,
  operation: OperationDefinitionNode | undefined,
  variables: Readonly<Record<string, unknown>>,
  limits: GatewayConfig['limits'],
): void {
  const variable = size.kind === Kind.VARIABLE ? size.name.value : undefined
  const given = variable !== undefined && Object.hasOwn(variables, variable) ? variables[variable] : undefined
  const items = given === undefined ? literal(variable === undefined ? size : defaultOf(variable, operation)) : given
  if (typeof items !== 'number' || items <= limits.pageSize) return
  const where = variable === undefined ? 'first' : `first, from the variable $${variable}`
  throw limitError('pageSize', `The query asks for ${items} items at once (${where})`, limits)
}

function defaultOf(variable: string, operation: OperationDefinitionNode | undefined): ValueNode | undefined {
  return operation?.variableDefinitions?.find((definition) => definition.variable.name.value === variable)?.defaultValue
}

function literal(value: ValueNode | undefined): number | undefined {
  return value?.kind === Kind.INT ? Number(value.value) : undefined
}
