import {
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql'

/** Which way a lineage field leads. */
export type Direction = 'UPSTREAM' | 'DOWNSTREAM'

/** A field that is an edge of the lineage graph, and how to ask for what it leads to. */
export interface EdgeField {
  readonly type: string
  readonly name: string
  readonly direction: Direction
  /** Arguments and selection, as text: the entities in its value, with what stands beside them. */
  readonly selection: string
  /** Selection of the evidence, where it has a field of its own beside this one (`commit`, `commitLink`). */
  readonly link?: string
}

/** What the walk needs to know of the graph, read from the supergraph: nothing here lists types or fields. */
export interface LineageSchema {
  readonly edges: readonly EdgeField[]
  /** Types that have ids. */
  readonly entities: ReadonlySet<string>
  /** Whether an entity has a field of its own that is a text, such as `name`. */
  hasText(type: string, field: string): boolean
  /** Fields of an entity that tell what is missing about where it comes from. */
  holes(type: string): readonly string[]
  /** Whether an entity says who answers for it. */
  hasOwners(type: string): boolean
}

type WithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/** Items asked for at once of a field that has pages, where the gateway allows so many; the rest is told as cut. */
const PAGE = 100

/** What is asked of the two value types that stand beside an entity. */
export const BESIDE: Readonly<Record<string, string>> = {
  Link: '{ method confidence evidence }',
  Incomplete: '{ source reason message count }',
  PageInfo: '{ hasNextPage }',
}

/** Reads the lineage of a composed graph: every field with `@lineage`, whichever subgraph added it. `pageSize`: the largest page. */
export function readLineageSchema(supergraphSdl: string, pageSize: number): LineageSchema {
  const page = Math.min(PAGE, pageSize)
  const types = new Map<string, WithFields>()
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      types.set(definition.name.value, definition)
    }
  }
  const isEntity = (name: string) => types.get(name)?.interfaces?.some(({ name: one }) => one.value === 'Node') ?? false
  const entities = new Set([...types.keys()].filter(isEntity))

  /** How to ask for the entities below a type; undefined: there are none. */
  function below(name: string, above: readonly string[]): string | undefined {
    if (isEntity(name) || name === 'Node') return '{ __typename id }'
    const fields = types.get(name)?.fields ?? []
    // A connection has its items twice.
    const once = fields.some((field) => field.name.value === 'nodes')
      ? fields.filter((field) => field.name.value !== 'edges')
      : fields
    const found = once.filter(isOpen).flatMap((field) => {
      const target = namedType(field.type)
      const selection = BESIDE[target] ?? (above.includes(target) ? undefined : below(target, [...above, name]))
      return selection === undefined
        ? []
        : [{ text: `${field.name.value} ${selection}`, leads: BESIDE[target] === undefined }]
    })
    return found.some(({ leads }) => leads) ? `{ ${found.map(({ text }) => text).join(' ')} }` : undefined
  }

  const edges = [...entities].flatMap((type) =>
    (types.get(type)?.fields ?? []).flatMap((field): EdgeField[] => {
      const direction = directionOf(field)
      const selection = direction && below(namedType(field.type), [])
      if (!selection) return []
      const pages = field.arguments?.some(({ name }) => name.value === 'first') ? `(first: ${page})` : ''
      const name = field.name.value
      const beside = types.get(type)?.fields?.find((other) => other.name.value === `${name}Link`)
      const link = beside && namedType(beside.type) === 'Link' ? `${name}Link ${BESIDE.Link}` : undefined
      return [{ type, name, direction, selection: `${pages} ${selection}`, ...(link !== undefined && { link }) }]
    }),
  )
  const texts = new Set(
    [...entities].flatMap((type) =>
      (types.get(type)?.fields ?? [])
        .filter((field) => isOpen(field) && namedType(field.type) === 'String' && !isList(field.type))
        .map((field) => `${type}.${field.name.value}`),
    ),
  )
  return {
    ...{ edges, entities },
    hasText: (type, field) => texts.has(`${type}.${field}`),
    holes: (type) =>
      (types.get(type)?.fields ?? [])
        .filter((field) => isOpen(field) && namedType(field.type) === 'Incomplete' && isList(field.type))
        .map(({ name }) => name.value),
    hasOwners: (type) =>
      types
        .get(type)
        ?.fields?.some(({ name, type: of }) => name.value === 'owners' && namedType(of) === 'OwnerClaim') ?? false,
  }
}

/** A field that anybody may ask for without knowing more: not hidden, and with no argument that must be given. */
function isOpen({ arguments: given = [], directives = [] }: FieldDefinitionNode): boolean {
  const hidden = directives.some(({ name }) => name.value === 'inaccessible')
  return (
    !hidden && given.every(({ type, defaultValue }) => type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined)
  )
}

function directionOf({ directives = [] }: FieldDefinitionNode): Direction | undefined {
  const value = directives.find(({ name }) => name.value === 'lineage')?.arguments?.[0]?.value
  const word = value?.kind === Kind.ENUM ? value.value : undefined
  return word === 'UPSTREAM' || word === 'DOWNSTREAM' ? word : undefined
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type))
}
