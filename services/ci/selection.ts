import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** Whether a field is asked for with one of some fields below it: `path` leads there. What a directive leaves out counts. */
export function selects(info: GraphQLResolveInfo, path: readonly string[], names: readonly string[]): boolean {
  const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  return reaches(info, sets, [...path, names])
}

function reaches(
  info: GraphQLResolveInfo,
  sets: readonly SelectionSetNode[],
  [step, ...rest]: readonly (string | readonly string[])[],
): boolean {
  if (step === undefined) return true
  const fields = sets.flatMap((set) => fieldsOf(info, set))
  const taken = fields.filter(({ name }) =>
    typeof step === 'string' ? name.value === step : step.includes(name.value),
  )
  if (rest.length === 0) return taken.length > 0
  return reaches(
    info,
    taken.flatMap(({ selectionSet }) => selectionSet ?? []),
    rest,
  )
}

function fieldsOf(info: GraphQLResolveInfo, { selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(info, selection.selectionSet)
    const fragment = info.fragments[selection.name.value]
    return fragment ? fieldsOf(info, fragment.selectionSet) : []
  })
}
