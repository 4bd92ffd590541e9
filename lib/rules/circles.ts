import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import type { RuleGraph } from './graph-schema.ts'

/** A field that leads to what the rules themselves say. */
export interface Circle {
  readonly field: string
  readonly type: string
  /** In the fragment's text. */
  readonly offset: number
}

/**
 * The fields of a fragment whose value is of a forbidden type, or is made by their subgraph from such a value
 * (`@requires`): a rule that read them would wait for itself.
 */
export function circlesOf(
  fragment: FragmentDefinitionNode,
  graph: RuleGraph,
  forbidden: ReadonlySet<string>,
): Circle[] {
  const found: Circle[] = []
  walk(graph.schema, fragment.typeCondition.name.value, fragment.selectionSet, new Set())
  return found

  function walk(
    schema: GraphQLSchema,
    typeName: string,
    { selections }: SelectionSetNode,
    through: ReadonlySet<string>,
    at?: number,
  ): void {
    const type = schema.getType(typeName)
    for (const selection of selections) {
      const offset = at ?? selection.loc?.start ?? 0
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(schema, selection.typeCondition?.name.value ?? typeName, selection.selectionSet, through, at)
      }
      if (selection.kind !== Kind.FIELD || !(isObjectType(type) || isInterfaceType(type))) continue
      const field = selection.name.value
      const definition = type.getFields()[field]
      if (!definition) continue
      const named = getNamedType(definition.type)
      if (forbidden.has(named.name)) found.push({ field: `${typeName}.${field}`, type: named.name, offset })
      // Behind an interface any of its types can stand.
      const owners = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [typeName]
      for (const owner of owners) {
        const key = `${owner}.${field}`
        if (through.has(key)) continue
        for (const needs of graph.requires(owner, field)) {
          const [operation] = parse(`{ ${needs} }`, { noLocation: true }).definitions
          if (operation?.kind !== Kind.OPERATION_DEFINITION) continue
          walk(graph.whole, owner, operation.selectionSet, new Set([...through, key]), offset)
        }
      }
      if (selection.selectionSet) walk(schema, named.name, selection.selectionSet, through, at)
    }
  }
}
