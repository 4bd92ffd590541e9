import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql'
import type { Subgraph } from './subgraphs.ts'

/** A definition or extension of a type that has fields. */
export type TypeWithFields =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode

/** Every object and interface type a document defines or extends. */
export function typesWithFields(document: DocumentNode): TypeWithFields[] {
  return document.definitions.filter(
    (node): node is TypeWithFields =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.OBJECT_TYPE_EXTENSION ||
      node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      node.kind === Kind.INTERFACE_TYPE_EXTENSION,
  )
}

/** The uses of a directive on a node, imported by its name or not imported (`@federation__key`). */
export function directivesOf(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): ConstDirectiveNode[] {
  const names = [name, `federation__${name}`]
  return (node.directives ?? []).filter((directive) => names.includes(directive.name.value))
}

/** Whether the subgraph only mentions the field (for `@key` or `@requires`) and another one answers it. */
export function isExternal(type: TypeWithFields, field: FieldDefinitionNode): boolean {
  return directivesOf(field, 'external').length > 0 || directivesOf(type, 'external').length > 0
}

/** The name at the core of a type, whatever lists and non-null marks stand around it. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

/** Names of the entities: types with a `@key` in any of the subgraphs. */
export function entityNames(subgraphs: readonly Subgraph[]): Set<string> {
  const types = subgraphs.flatMap((subgraph) => typesWithFields(subgraph.typeDefs))
  return new Set(types.filter((type) => directivesOf(type, 'key').length > 0).map((type) => type.name.value))
}
