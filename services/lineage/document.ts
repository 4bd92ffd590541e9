import { BESIDE, type Direction, type EdgeField, type LineageSchema } from './edges.ts'

/** The question that one level of a walk asks, and what its answer calls each field. */
export interface LevelDocument {
  readonly text: string
  /** Edge fields by type, with the name that the answer gives them. */
  readonly edges: ReadonlyMap<string, readonly { readonly field: EdgeField; readonly key: string }[]>
  /** What the answer calls the fields that tell what is missing, by type. */
  readonly holes: ReadonlyMap<string, readonly string[]>
}

/** What a thing is called by, in this order. */
const LABELS = ['name', 'title', 'version']

/** The name that the answer gives the evidence of an edge that has it in a field beside. */
export const linkKey = (key: string): string => `${key}_link`

/** The name that the answer gives the label of a thing. */
export const labelKey = (type: string): string => `${type}_label`

/**
 * Asks of things of any type what they are called and, in the directions given, what they lead to. `extra`: more to ask of
 * a type. Each field is called `Type_field`, since fields of one name can be of different types.
 */
export function levelDocument(
  schema: LineageSchema,
  directions: readonly Direction[],
  extra: Readonly<Record<string, string>> = {},
): LevelDocument {
  const edges = new Map<string, { field: EdgeField; key: string }[]>()
  const holes = new Map<string, readonly string[]>()
  const parts: string[] = []
  for (const type of [...schema.entities].sort()) {
    const own = schema.edges.filter((edge) => edge.type === type && directions.includes(edge.direction))
    const keyed = own.map((field) => ({ field, key: `${type}_${field.name}` }))
    edges.set(type, keyed)
    // They are about where things come from, and a type without a step that way is not asked.
    const asked = own.some(({ direction }) => direction === 'UPSTREAM') ? schema.holes(type) : []
    const told = asked.map((name) => ({ name, key: `${type}_${name}_hole` }))
    holes.set(
      type,
      told.map(({ key }) => key),
    )
    const label = LABELS.find((name) => schema.hasText(type, name))
    const fields = [
      ...(label === undefined ? [] : [`${labelKey(type)}: ${label}`]),
      ...keyed.map(({ field, key }) => `${key}: ${field.name}${field.selection}`),
      ...keyed.flatMap(({ field, key }) => (field.link === undefined ? [] : [`${linkKey(key)}: ${field.link}`])),
      ...told.map(({ name, key }) => `${key}: ${name} ${BESIDE.Incomplete}`),
      ...(extra[type] === undefined ? [] : [extra[type]]),
    ]
    if (fields.length > 0) parts.push(`    ... on ${type} { ${fields.join(' ')} }`)
  }
  const text = `query LineageLevel($ids: [ID!]!) {\n  nodes(ids: $ids) {\n    __typename\n    id\n${parts.join('\n')}\n  }\n}`
  return { text, edges, holes }
}
