import { type GraphQLSchema, isObjectType } from 'graphql'
import { type Data, isData, type RequiredSelection, Unsupported } from './plan.ts'

/** Response names and indexes; in a plan, `@` stands for every item of a list. */
export type Path = readonly (string | number)[]

/** All objects at a path of a plan. */
export function atPath(value: unknown, path: Path, step = 0, found: Data[] = []): Data[] {
  if (Array.isArray(value)) {
    // At the end of a path, a list means its items.
    const next = path[step] === '@' ? step + 1 : step
    for (const item of value) atPath(item, path, next, found)
  } else if (isData(value)) {
    const key = path[step]
    if (key === undefined) found.push(value)
    else atPath(value[key], path, step + 1, found)
  }
  return found
}

/** Where in the answer objects at a path of a plan are, in the order of `atPath`. */
export function placesAt(value: unknown, path: Path, wanted: ReadonlySet<Data>): Path[] {
  const places: Path[] = []
  const visit = (value: unknown, step: number, place: Path): void => {
    if (Array.isArray(value)) {
      const next = path[step] === '@' ? step + 1 : step
      for (const [i, item] of value.entries()) visit(item, next, [...place, i])
    } else if (isData(value)) {
      const key = path[step]
      if (key !== undefined) visit(value[key], step + 1, [...place, key])
      else if (wanted.has(value)) places.push(place)
    }
  }
  visit(value, 0, [])
  return places
}

/** Adds what was fetched later of the same object. */
export function merge(target: Data, source: unknown): void {
  if (!isData(source)) return
  for (const key of Object.keys(source)) {
    const [had, has] = [target[key], source[key]]
    if (has === undefined) continue
    if (isData(had) && isData(has)) merge(had, has)
    else if (Array.isArray(had) && Array.isArray(has) && had.length === has.length) mergeItems(had, has)
    else target[key] = has
  }
}

function mergeItems(target: unknown[], source: readonly unknown[]): void {
  for (const [i, has] of source.entries()) {
    const had = target[i]
    if (isData(had) && isData(has)) merge(had, has)
    else target[i] = has
  }
}

type Required = (entity: Data) => Data | null

/** Compiles what a fetch sends along of an entity; null: not all of it is known. */
export function compileRequired(selections: readonly RequiredSelection[], schema: GraphQLSchema): Required {
  const parts = selections.map((selection): ((entity: Data, sent: Data) => boolean) => {
    if (selection.kind === 'Field') {
      const key = selection.alias ?? selection.name
      const inside = selection.selections && compileRequired(selection.selections, schema)
      return (entity, sent) => {
        const value = entity[key]
        if (value === undefined) return false
        sent[key] = inside ? within(value, inside) : value
        return true
      }
    }
    const { typeCondition } = selection
    if (typeCondition === undefined) return () => true
    if (!isObjectType(schema.getType(typeCondition))) throw new Unsupported('what only an abstract type requires')
    const inside = compileRequired(selection.selections, schema)
    return (entity, sent) => {
      if (entity.__typename === typeCondition) merge(sent, inside(entity))
      return true
    }
  })
  return (entity) => {
    const sent: Data = {}
    return parts.every((part) => part(entity, sent)) ? sent : null
  }
}

function within(value: unknown, inside: Required): unknown {
  if (Array.isArray(value)) return value.map((item) => (isData(item) ? inside(item) : null))
  return isData(value) ? inside(value) : null
}
