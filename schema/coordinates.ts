import {
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
} from 'graphql'

/** Something a document defines and people read: it has a name and may have a description. */
export interface SchemaElement {
  /** Schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive`, `@directive(argument:)`. */
  readonly coordinate: string
  readonly node:
    | TypeDefinitionNode
    | FieldDefinitionNode
    | InputValueDefinitionNode
    | EnumValueDefinitionNode
    | DirectiveDefinitionNode
}

/** Every element of a document, extensions' fields and values included, in the order they stand. */
export function elementsOf(document: DocumentNode): SchemaElement[] {
  return document.definitions.flatMap(elementsOfDefinition)
}

function elementsOfDefinition(node: DefinitionNode): SchemaElement[] {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) {
    const coordinate = `@${node.name.value}`
    return [{ coordinate, node }, ...argumentsOf(coordinate, node.arguments)]
  }
  if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) return []
  const type = node.name.value
  const fields = 'fields' in node ? (node.fields ?? []) : []
  const values = 'values' in node ? (node.values ?? []) : []
  return [
    ...(isTypeDefinitionNode(node) ? [{ coordinate: type, node }] : []),
    ...[...fields, ...values].flatMap((child) => {
      const coordinate = `${type}.${child.name.value}`
      return [{ coordinate, node: child }, ...argumentsOf(coordinate, 'arguments' in child ? child.arguments : [])]
    }),
  ]
}

function argumentsOf(owner: string, nodes: readonly InputValueDefinitionNode[] = []): SchemaElement[] {
  return nodes.map((node) => ({ coordinate: `${owner}(${node.name.value}:)`, node }))
}
