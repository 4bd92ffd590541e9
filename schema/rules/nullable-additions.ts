import { type FieldDefinitionNode, Kind } from 'graphql'
import { entityNames, isExternal, type TypeWithFields, typesWithFields } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'nullable-additions'

/** What one subgraph says of an entity. */
interface Part {
  readonly subgraph: string
  readonly type: TypeWithFields
}

/**
 * The home of an entity is the subgraph that describes the type; the others add to it. What they add has to be nullable:
 * a non-null field of a subgraph that does not answer takes the whole entity with it, the home's fields included.
 */
export function nullableAdditions(subgraphs: readonly Subgraph[]): Problem[] {
  return [...entityNames(subgraphs)].flatMap((entity) => {
    const parts: Part[] = subgraphs.flatMap((subgraph) =>
      typesWithFields(subgraph.typeDefs)
        .filter((type) => type.name.value === entity)
        .map((type) => ({ subgraph: subgraph.name, type })),
    )
    const homes = parts.filter(({ type }) => 'description' in type && type.description)
    const others = homes.slice(1).map((part) => part.subgraph)
    const home = homes[0]?.subgraph ?? largest(parts)
    const atHome = new Set(parts.filter((part) => part.subgraph === home).flatMap(({ type }) => ownFields(type)))
    return [
      ...homes.slice(1).map(({ type, subgraph }) => secondHome(type, subgraph, home)),
      ...parts
        .filter((part) => part.subgraph !== home && !others.includes(part.subgraph))
        .flatMap(({ type, subgraph }) =>
          nonNull(type)
            .filter((field) => !atHome.has(field.name.value))
            .map((field) => addition(entity, field, subgraph, home)),
        ),
    ]
  })
}

/** Until somebody describes the entity: the subgraph that answers most of its fields. */
function largest(parts: readonly Part[]): string {
  const [first] = [...parts].sort((a, b) => ownFields(b.type).length - ownFields(a.type).length)
  return first?.subgraph ?? ''
}

const ownFields = (type: TypeWithFields) =>
  (type.fields ?? []).filter((field) => !isExternal(type, field)).map((field) => field.name.value)

const nonNull = (type: TypeWithFields) =>
  (type.fields ?? []).filter((field) => field.type.kind === Kind.NON_NULL_TYPE && !isExternal(type, field))

function addition(entity: string, field: FieldDefinitionNode, subgraph: string, home: string): Problem {
  const name = `${entity}.${field.name.value}`
  return problemAt(
    field,
    rule,
    name,
    `${name} is a non-null field that ${subgraph} adds to an entity of ${home}: when ${subgraph} does not answer, the ` +
      `whole ${entity} becomes null. Take the outer "!" off its type`,
  )
}

function secondHome(type: TypeWithFields, subgraph: string, home: string): Problem {
  const name = type.name.value
  return problemAt(
    type,
    rule,
    name,
    `${name} is described in ${home} and in ${subgraph}: an entity is described only in its home, the subgraph that knows ` +
      'which ones exist. Take the description of the type (not of its fields) off the other',
  )
}
