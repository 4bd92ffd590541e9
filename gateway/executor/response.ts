import {
  type FieldNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLOutputType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type OperationDefinitionNode,
} from 'graphql'
import { leafCheck } from './leaf.ts'
import { type Data, isData } from './plan.ts'
import { collectFields, type Selecting, type SelectionSource } from './selections.ts'

/**
 * Makes the answer of what was fetched: the fields that were asked for, in their order, and null where what was promised
 * is missing. Adds to `broken` why. Throws where a subgraph gave something of another form than its schema has.
 */
export type Shape = (fetched: Data, broken: GraphQLError[]) => Data | null

/** What a compiled response is made from. */
export interface ResponseSource extends SelectionSource {
  readonly operation: OperationDefinitionNode
}

/** Null, because of what is told already. */
const FAILED = Symbol('failed')
/** The same in a place that promises a value: what is around it is null too. */
const MISSING = Symbol('missing')

/** Where the value is that is being completed, for the words of errors: written over as it goes on. */
interface Place {
  readonly path: (string | number)[]
  readonly broken: GraphQLError[]
}

/** Completes a value `depth` levels down; may give back FAILED or MISSING. */
type Complete = (value: unknown, place: Place, depth: number) => unknown

interface Field {
  readonly key: string
  readonly complete: Complete
}

export function compileResponse(source: ResponseSource): Shape {
  const { schema, operation } = source
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`the schema has no ${operation.operation}, though the operation is valid`)
  const complete = objectOf(root, [operation], source)
  return (fetched, broken) => {
    const data = complete(fetched, { path: [], broken }, 0)
    return isData(data) ? data : null
  }
}

function compile(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  source: ResponseSource,
  parent: string,
): Complete {
  if (isNonNullType(type)) return promised(compile(type.ofType, nodes, source, parent), String(type.ofType), parent)
  if (isListType(type)) return listOf(compile(type.ofType, nodes, source, parent), String(type))
  if (isLeafType(type)) {
    const check = leafCheck(type)
    const name = type.name
    return (value, place, depth) => {
      if (value === null || value === undefined) return null
      if (check(value)) return value
      return tell(`Invalid value found for ${nameOf(place, depth, name, parent)}.`, place, depth)
    }
  }
  return compositeOf(type, nodes, source, parent)
}

function promised(complete: Complete, type: string, parent: string): Complete {
  return (value, place, depth) => {
    const completed = complete(value, place, depth)
    if (completed === null) {
      tell(`Cannot return null for non-nullable ${nameOf(place, depth, type, parent)}.`, place, depth)
      return MISSING
    }
    return completed === FAILED ? MISSING : completed
  }
}

function listOf(complete: Complete, type: string): Complete {
  return (value, place, depth) => {
    if (value === null || value === undefined) return null
    if (!Array.isArray(value))
      throw new Error(`Invalid non-list value ${value} returned by subgraph for list type ${type}`)
    const items = new Array<unknown>(value.length)
    let missing = false
    for (let i = 0; i < value.length; i++) {
      place.path[depth] = i
      const item = complete(value[i], place, depth + 1)
      if (item === MISSING) missing = true
      items[i] = item === FAILED ? null : item
    }
    return missing ? FAILED : items
  }
}

/**
 * The type of an object is what its `__typename` says; where it has none, what the schema says. Compiled as types come:
 * all possible ones, nested, would be more than ever occur.
 */
function compositeOf(
  type: GraphQLCompositeType,
  nodes: readonly FieldNode[],
  source: ResponseSource,
  parent: string,
): Complete {
  const { schema } = source
  const byTypename = new Map<unknown, Complete>()
  const completeOf = (typename: unknown): Complete | undefined => {
    const known = byTypename.get(typename)
    if (known) return known
    const own = typename ? schema.getType(String(typename)) : type
    if (!isCompositeType(own)) return undefined
    const complete = objectOf(own, nodes, source)
    byTypename.set(typename, complete)
    return complete
  }
  return (value, place, depth) => {
    if (value === null || value === undefined) return null
    if (!isData(value))
      throw new Error(`Invalid non-object value ${value} returned by subgraph for composite type ${type}`)
    const complete = completeOf(value.__typename)
    if (complete) return complete(value, place, depth)
    return tell(`Invalid __typename found for object at ${nameOf(place, depth, type.name, parent)}.`, place, depth)
  }
}

function objectOf(type: GraphQLCompositeType, nodes: readonly Selecting[], source: ResponseSource): Complete {
  const fields = [...collectFields(type, nodes, source)].map(([key, nodes]) => fieldOf(key, type, nodes, source))
  return (value, place, depth) => {
    const object = value as Data
    const completed: Data = {}
    for (const { key, complete } of fields) {
      place.path[depth] = key
      const field = complete(object[key], place, depth + 1)
      if (field === MISSING) return FAILED
      completed[key] = field === FAILED ? null : field
    }
    return completed
  }
}

function fieldOf(key: string, type: GraphQLCompositeType, nodes: readonly FieldNode[], source: ResponseSource): Field {
  const [node] = nodes
  if (node?.name.value === '__typename') return { key, complete: () => (isObjectType(type) ? type.name : MISSING) }
  const definition = isUnionType(type) || !node ? undefined : type.getFields()[node.name.value]
  if (!definition) throw new Error(`${type.name} has no field for ${key}, though the operation is valid`)
  return { key, complete: compile(definition.type, nodes, source, type.name) }
}

function tell(message: string, { path, broken }: Place, depth: number): typeof FAILED {
  broken.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code: 'INVALID_GRAPHQL' } }))
  return FAILED
}

function nameOf({ path }: Place, depth: number, type: string, parent: string): string {
  const last = path[depth - 1]
  return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${parent}.${last}`
}
