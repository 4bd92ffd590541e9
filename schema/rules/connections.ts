import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql'
import { namedType, type TypeWithFields, typesWithFields } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'connections'

/**
 * The generic GraphQL connectors of BI tools read exactly one shape of Relay connection: the field that returns it is
 * nullable, `edges` is a nullable list of nullable edges, and an edge's `node` is nullable.
 */
export function connections(subgraphs: readonly Subgraph[]): Problem[] {
  const types = subgraphs.flatMap((subgraph) => typesWithFields(subgraph.typeDefs))
  const edges = new Set(types.filter(isConnection).map((type) => edgeOf(type)))
  return types.flatMap((type) => [
    ...faultsOfFields(type),
    ...(isConnection(type) ? faultsOfConnection(type) : []),
    ...(edges.has(type.name.value) ? faultsOfEdge(type) : []),
  ])
}

const isConnection = (type: TypeWithFields) =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION && type.name.value.endsWith('Connection')

/** `ModelConnection` has `ModelEdge`s. */
const edgeOf = (connection: TypeWithFields) => connection.name.value.replace(/Connection$/, 'Edge')

function faultsOfFields(type: TypeWithFields): Problem[] {
  return (type.fields ?? [])
    .filter((field) => field.type.kind === Kind.NON_NULL_TYPE && namedType(field.type).endsWith('Connection'))
    .map((field) => fault(field, type, 'returns a connection and has to be nullable: take the "!" off its type'))
}

function faultsOfConnection(type: TypeWithFields): Problem[] {
  const name = type.name.value
  const edge = edgeOf(type)
  const edges = fieldNamed(type, 'edges')
  if (!edges) return [problemAt(type, rule, name, `${name} has no edges: add edges: [${edge}]`)]
  return isListOfNullable(edges.type, edge) ? [] : [fault(edges, type, `has to be of type [${edge}], without "!"`)]
}

function faultsOfEdge(type: TypeWithFields): Problem[] {
  const node = fieldNamed(type, 'node')
  if (!node) {
    const name = type.name.value
    return [problemAt(type, rule, name, `${name} has no node: add a nullable field node`)]
  }
  return node.type.kind === Kind.NON_NULL_TYPE
    ? [fault(node, type, 'has to be nullable: take the "!" off its type')]
    : []
}

const fieldNamed = (type: TypeWithFields, name: string) => type.fields?.find((field) => field.name.value === name)

const isListOfNullable = (type: TypeNode, item: string) =>
  type.kind === Kind.LIST_TYPE && type.type.kind === Kind.NAMED_TYPE && type.type.name.value === item

function fault(field: FieldDefinitionNode, type: TypeWithFields, words: string): Problem {
  const name = `${type.name.value}.${field.name.value}`
  return problemAt(field, rule, name, `${name} ${words}`)
}
