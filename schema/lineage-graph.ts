import { type FieldDefinitionNode, Kind } from 'graphql'
import { directivesOf, entityNames, isExternal, namedType, typesWithFields } from './elements.ts'
import type { Subgraph } from './subgraphs.ts'

/** A field marked `@lineage`. */
export interface LineageField {
  readonly type: string
  readonly name: string
  readonly direction: string
  /** Name of the type the field returns, without lists and non-null marks. */
  readonly target: string
  readonly node: FieldDefinitionNode
}

/** The entities a lineage edge can lead to. */
export interface Reach {
  /** Named by the types on the way: the edge leads to these. */
  readonly sure: ReadonlySet<string>
  /** Behind an interface: any of these may stand there, and nothing says which do. */
  readonly possible: ReadonlySet<string>
}

/** What the rules about lineage need to know of all subgraphs together. */
export class LineageGraph {
  readonly fields: readonly LineageField[]
  readonly #entities: ReadonlySet<string>
  readonly #fieldTypes = new Map<string, Set<string>>()
  readonly #implementers = new Map<string, Set<string>>()
  readonly #members = new Map<string, Set<string>>()

  constructor(subgraphs: readonly Subgraph[]) {
    this.#entities = entityNames(subgraphs)
    const fields: LineageField[] = []
    for (const { typeDefs } of subgraphs) {
      for (const type of typesWithFields(typeDefs)) {
        const name = type.name.value
        for (const { name: implemented } of type.interfaces ?? []) add(this.#implementers, implemented.value, name)
        for (const field of type.fields ?? []) {
          if (isExternal(type, field)) continue
          add(this.#fieldTypes, name, namedType(field.type))
          fields.push(...lineageField(name, field))
        }
      }
      for (const node of typeDefs.definitions) {
        if (node.kind !== Kind.UNION_TYPE_DEFINITION && node.kind !== Kind.UNION_TYPE_EXTENSION) continue
        for (const member of node.types ?? []) add(this.#members, node.name.value, member.name.value)
      }
    }
    this.fields = fields
  }

  /** Whether a type is an entity: something a lineage edge can start and end at. */
  isEntity(type: string): boolean {
    return this.#entities.has(type) && !this.#implementers.has(type)
  }

  /** The entities found from a type through the fields of value types; an entity's own fields are not walked. */
  reach(start: string): Reach {
    const sure = new Set<string>()
    const possible = new Set<string>()
    const open = [start]
    const seen = new Set<string>()
    for (let type = open.pop(); type !== undefined; type = open.pop()) {
      if (seen.has(type)) continue
      seen.add(type)
      const implementers = this.#implementers.get(type)
      if (implementers) {
        for (const one of implementers) {
          if (this.isEntity(one)) possible.add(one)
          else open.push(one)
        }
      } else if (this.isEntity(type)) {
        sure.add(type)
      } else {
        open.push(...(this.#members.get(type) ?? []), ...(this.#fieldTypes.get(type) ?? []))
      }
    }
    return { sure, possible }
  }
}

function lineageField(type: string, node: FieldDefinitionNode): LineageField[] {
  return directivesOf(node, 'lineage').flatMap(({ arguments: given }) => {
    const value = given?.find((argument) => argument.name.value === 'direction')?.value
    if (value?.kind !== Kind.ENUM) return []
    return [{ type, name: node.name.value, direction: value.value, target: namedType(node.type), node }]
  })
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}
