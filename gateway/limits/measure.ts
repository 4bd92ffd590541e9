import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

/** How big an operation is with its fragments written out where they are spread. */
export interface Measures {
  /** Levels of nested fields. */
  readonly depth: number
  readonly aliases: number
  /** Fields at the top. */
  readonly rootFields: number
  readonly fields: number
}

const nothing: Measures = { depth: 0, aliases: 0, rootFields: 0, fields: 0 }

/**
 * Measures every operation of a document. Each fragment is measured once, however often it is spread, so that the time
 * is linear in the document while the counts may be astronomic. What asks for the schema (`__schema`, `__type`,
 * `__typename`) has no depth and is no root field, so that explorers work; graphql-js limits its depth by itself.
 */
export function measure(document: DocumentNode): Measures[] {
  const fragments = new Map<string, SelectionSetNode>()
  const operations: OperationDefinitionNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet)
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
  }
  const known = new Map<string, Measures>()

  function ofFragment(name: string): Measures {
    const measured = known.get(name)
    if (measured) return measured
    // Until it is measured it counts for nothing: a fragment that spreads itself is refused by validation.
    known.set(name, nothing)
    const selectionSet = fragments.get(name)
    const measures = selectionSet ? ofSelections(selectionSet) : nothing
    known.set(name, measures)
    return measures
  }

  function ofSelections({ selections }: SelectionSetNode): Measures {
    let sum = nothing
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) sum = add(sum, ofFragment(selection.name.value))
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum = add(sum, ofSelections(selection.selectionSet))
      else {
        const inside = selection.selectionSet ? ofSelections(selection.selectionSet) : nothing
        const introspection = selection.name.value.startsWith('__')
        sum = add(sum, {
          depth: introspection ? 0 : 1 + inside.depth,
          aliases: inside.aliases + (selection.alias ? 1 : 0),
          rootFields: introspection ? 0 : 1,
          fields: inside.fields + 1,
        })
      }
    }
    return sum
  }

  return operations.map((operation) => ofSelections(operation.selectionSet))
}

function add(a: Measures, b: Measures): Measures {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    fields: a.fields + b.fields,
  }
}
