import { type FieldNode, GraphQLError, isObjectType, Kind, type SelectionSetNode } from 'graphql'
import type { Plan, PlanNode, RequiredSelection } from './plan.ts'

/** A field of the client's that has the name of another one, which a later fetch sends along. */
interface Hidden {
  readonly place: readonly (string | number)[]
  readonly alias: string
  readonly field: string
}

/**
 * Refuses an operation in which an alias is the name of another field of the same thing that a part of the graph needs, as in
 * `{ id: name }`. Apollo's planner (2.14) keeps one of the two and says nothing: the client would see the id as the name, or
 * what is computed from it would be computed from the wrong one.
 */
export function refuseHidden(plan: Plan): void {
  const hidden = inNode(plan.queryPlan.node, [], plan)
  if (!hidden) return
  const { place, alias, field } = hidden
  const where = place.filter((part) => part !== '@').join('.')
  throw new GraphQLError(
    `${where}: "${alias}" stands for ${field} here, but the field ${alias} itself is needed to answer other parts of this query: give ${field} another alias.`,
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  )
}

type Place = Hidden['place']

function inNode(node: PlanNode | undefined, place: Place, plan: Plan): Hidden | undefined {
  switch (node?.kind) {
    case 'Sequence':
    case 'Parallel':
      return first(node.nodes, (one) => inNode(one, place, plan))
    case 'Flatten':
      return inNode(node.node, [...place, ...node.path], plan)
    case 'Condition':
      return first([node.ifClause, node.elseClause], (one) => inNode(one, place, plan))
    case 'Fetch':
      return node.requires && inRequired(node.requires, setsAt(place, plan), undefined, place, plan)
    default:
      return undefined
  }
}

type Sets = readonly SelectionSetNode[]

/** What the client selects at a path of the plan. */
function setsAt(place: Place, plan: Plan): Sets {
  const names = place.filter((part) => typeof part === 'string' && part !== '@')
  return names.reduce<Sets>(
    (sets, name) => below(fieldsOf(sets, undefined, plan).filter((one) => keyOf(one) === name)),
    [plan.operationContext.operation.selectionSet],
  )
}

/** `type`: of what the selections are required. undefined: of whatever is there. */
function inRequired(
  required: readonly RequiredSelection[],
  sets: Sets,
  type: string | undefined,
  place: Place,
  plan: Plan,
): Hidden | undefined {
  return first(required, (selection) => {
    if (selection.kind !== 'Field') {
      return inRequired(selection.selections, sets, selection.typeCondition ?? type, place, plan)
    }
    const key = selection.alias ?? selection.name
    const same = fieldsOf(sets, type, plan).filter((one) => keyOf(one) === key)
    const other = same.find(({ name }) => name.value !== selection.name)
    if (other) return { place, alias: key, field: other.name.value }
    return selection.selections && inRequired(selection.selections, below(same), undefined, [...place, key], plan)
  })
}

/** Fields that are selected of things of a type, those of fragments too, except of fragments on another type. */
function fieldsOf(sets: Sets, type: string | undefined, plan: Plan): FieldNode[] {
  const { fragments, schema } = plan.operationContext
  const elsewhere = (condition: string | undefined) =>
    type !== undefined && condition !== undefined && condition !== type && isObjectType(schema.getType(condition))
  return sets.flatMap(({ selections }) =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return selection
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
      if (!fragment || elsewhere(fragment.typeCondition?.name.value)) return []
      return fieldsOf([fragment.selectionSet], type, plan)
    }),
  )
}

const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

const below = (fields: readonly FieldNode[]): Sets => fields.flatMap(({ selectionSet }) => selectionSet ?? [])

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
