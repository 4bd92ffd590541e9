import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isUnionType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Data } from './plan.ts'

/** What selections mean. */
export interface SelectionSource {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** Values of the variables that conditions ask for. */
  readonly variables: Data
}

/** An operation, or a field with fields below it. */
export interface Selecting {
  readonly selectionSet?: SelectionSetNode | undefined
}

/** The fields that are selected of an object of a type, by their names in the answer, in order; those of one name belong together. */
export function collectFields(
  type: GraphQLCompositeType,
  nodes: readonly Selecting[],
  { schema, fragments, variables }: SelectionSource,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const seen = new Set<string>()

  function collect({ selectionSet }: Selecting): void {
    for (const selection of selectionSet?.selections ?? []) {
      if (isLeftOut(selection, variables)) continue
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const others = fields.get(key)
        if (others) others.push(selection)
        else fields.set(key, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection.typeCondition, type, schema)) collect(selection)
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        const fragment = fragments[selection.name.value]
        if (fragment && applies(fragment.typeCondition, type, schema)) collect(fragment)
      }
    }
  }
  nodes.forEach(collect)
  return fields
}

function isLeftOut(node: SelectionNode, variables: Data): boolean {
  if (!node.directives?.length) return false
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variables)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variables)
  return skip?.if === true || include?.if === false
}

function applies(condition: NamedTypeNode | undefined, type: GraphQLCompositeType, schema: GraphQLSchema): boolean {
  if (!condition || condition.name.value === type.name) return true
  const wanted = schema.getType(condition.name.value)
  return isAbstractType(wanted) && !isUnionType(type) && schema.isSubType(wanted, type)
}
