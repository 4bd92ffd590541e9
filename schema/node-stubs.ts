import { type DocumentNode, Kind } from 'graphql'
import { directivesOf } from './elements.ts'

/**
 * One stub for every entity type that other subgraphs have and that implements `Node`, as SDL: the subgraph which finds
 * things by their ids names all types and knows nothing of them.
 */
export function nodeStubs(others: readonly DocumentNode[]): string {
  const names = others.flatMap(({ definitions }) =>
    definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
      const isNode = definition.interfaces?.some(({ name }) => name.value === 'Node') ?? false
      return isNode && directivesOf(definition, 'key').length > 0 ? [definition.name.value] : []
    }),
  )
  return stubsOf([...new Set(names)])
}

/** Stubs of types by their names. */
export const stubsOf = (names: readonly string[]): string =>
  [...names]
    .sort()
    .map((name) => `type ${name} implements Node @key(fields: "id", resolvable: false) {\n  id: ID!\n}\n`)
    .join('')
