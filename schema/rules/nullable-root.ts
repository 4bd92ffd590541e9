import { Kind } from 'graphql'
import { typesWithFields } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'nullable-root'

/** A non-null root field turns one dead subgraph into `data: null`, so every root field has to be nullable. */
export function nullableRoot(subgraphs: readonly Subgraph[]): Problem[] {
  return subgraphs.flatMap((subgraph) => {
    const roots = rootTypes(subgraph)
    return typesWithFields(subgraph.typeDefs)
      .filter((type) => roots.has(type.name.value))
      .flatMap((type) =>
        (type.fields ?? []).map((field) => ({ field, name: `${type.name.value}.${field.name.value}` })),
      )
      .filter(({ field }) => field.type.kind === Kind.NON_NULL_TYPE)
      .map(({ field, name }) =>
        problemAt(
          field,
          rule,
          name,
          `${name} is a non-null root field: when ${subgraph.name} does not answer, the whole response becomes null. ` +
            'Take the outer "!" off its type',
        ),
      )
  })
}

/** Federation renames the root types that a `schema` block names, so those count as roots too. */
function rootTypes({ typeDefs }: Subgraph): Set<string> {
  const named = typeDefs.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.operationTypes ?? [])
  return new Set(['Query', 'Mutation', 'Subscription', ...named.map((operation) => operation.type.name.value)])
}
