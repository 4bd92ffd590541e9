import { type DocumentNode, Kind, type TypeNode } from 'graphql'
import { directivesOf } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'null-unless'

/**
 * `unless` of `@null` names a field of the same type, in the same subgraph, whose type has `incomplete: [Incomplete!]!`:
 * of anything else, rules would never know whether null means none.
 */
export function nullUnless(subgraphs: readonly Subgraph[]): Problem[] {
  return subgraphs.flatMap(({ typeDefs }) =>
    objectsOf(typeDefs).flatMap((type) =>
      (type.fields ?? []).flatMap((field) =>
        directivesOf(field, 'null').flatMap((directive) => {
          const value = directive.arguments?.find(({ name }) => name.value === 'unless')?.value
          if (value?.kind !== Kind.STRING || tells(typeDefs, type.name.value, value.value)) return []
          const name = `${type.name.value}.${field.name.value}`
          const words = `unless: "${value.value}" of ${name} has to name a field of ${type.name.value} without arguments, whose type has incomplete: [Incomplete!]!`
          return [problemAt(field, rule, name, words)]
        }),
      ),
    ),
  )
}

function tells(typeDefs: DocumentNode, type: string, name: string): boolean {
  const target = fieldOf(typeDefs, type, name)
  if (!target || (target.arguments?.length ?? 0) > 0) return false
  const incomplete = fieldOf(typeDefs, namedType(target.type), 'incomplete')
  return incomplete !== undefined && namedType(incomplete.type) === 'Incomplete'
}

const fieldOf = (typeDefs: DocumentNode, type: string, name: string) =>
  objectsOf(typeDefs)
    .filter((one) => one.name.value === type)
    .flatMap(({ fields = [] }) => fields)
    .find((field) => field.name.value === name)

const objectsOf = ({ definitions }: DocumentNode) =>
  definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION ? [node] : [],
  )

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type))
