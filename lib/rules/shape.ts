import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { RuleGraph } from './graph-schema.ts'

/** One field of the facts, as expressions see it. */
export interface FactField {
  /** Its name in the answer of the graph. */
  readonly key: string
  /** Name of its type, without lists and non-null marks. */
  readonly named: string
  readonly list: boolean
  /** null means that there is none. */
  readonly none: boolean
  /** The field beside it whose `incomplete` takes that back. */
  readonly unless?: string
  /** What it holds, where that is objects. */
  readonly shape?: Shape
  /** The values of an enum. */
  readonly values?: readonly string[]
}

/** One selection set of the facts. */
export interface Shape {
  /** The GraphQL type it is on. */
  readonly type: string
  /** By the name that the rule gives it. */
  readonly fields: ReadonlyMap<string, FactField>
  /** Whether the type says what is missing beside it. */
  readonly tellsIncomplete: boolean
  /** What the graph is asked: fields by names that do not clash with those of other rules, and what the engine adds. */
  readonly asked: SelectionSetNode
}

/** Scalars that expressions know. */
const SCALARS = new Set(['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime'])

/** What the engine asks for wherever it exists, so that it knows what is missing and where facts come from. */
const ADDED = {
  incomplete: 'incomplete { source reason message count }',
  pageInfo: 'pageInfo { hasNextPage }',
  provenance: 'provenance { source { id } fetchedAt }',
}

/** Reports a problem with the fragment, at an offset of its text. */
export type Report = (message: string, offset: number) => void

/** The shape of a valid fragment; what rules cannot use is reported. `extra`: fields to ask for at the top, as text. */
export function shapeOf(
  fragment: FragmentDefinitionNode,
  graph: RuleGraph,
  report: Report,
  extra: readonly string[] = [],
): Shape | undefined {
  const type = graph.schema.getType(fragment.typeCondition.name.value)
  if (isObjectType(type)) return build(type, fragment.selectionSet, graph, report, extra)
  report('facts: the fragment has to be on an object type', fragment.loc?.start ?? 0)
  return undefined
}

function build(
  type: GraphQLObjectType | { name: string; getFields: GraphQLObjectType['getFields'] },
  { selections }: SelectionSetNode,
  graph: RuleGraph,
  report: Report,
  extra: readonly string[],
): Shape {
  const known = type.getFields()
  const fields = new Map<string, FactField>()
  const asked: SelectionNode[] = []
  const guards = new Set<string>()
  for (const selection of selections) {
    const start = selection.loc?.start ?? 0
    if (selection.kind !== Kind.FIELD) {
      report('facts: a rule asks for fields only, no fragments within', start)
      continue
    }
    const name = (selection.alias ?? selection.name).value
    const definition = known[selection.name.value]
    if (!definition || name.includes('__') || selection.directives?.length) {
      report(`facts: ${name} cannot be a fact: no directives, no names with two underscores`, start)
      continue
    }
    const key = keyOf(selection)
    const { named, list, nested } = unwrap(definition.type)
    if (nested) report(`facts: ${name} is a list of lists, which rules cannot read`, start)
    if (isScalarType(named) && !SCALARS.has(named.name)) {
      report(`facts: ${name} is a ${named.name}, which rules cannot read`, start)
    }
    const shape =
      selection.selectionSet && (isObjectType(named) || isInterfaceType(named))
        ? build(named, selection.selectionSet, graph, report, [])
        : undefined
    if (selection.selectionSet && !shape) report(`facts: ${name} is of several types, which rules cannot read`, start)
    const unless = graph.nullUnless(type.name, selection.name.value)
    if (unless !== undefined) guards.add(unless)
    fields.set(name, {
      ...{ key, named: named.name, list, none: graph.nullMeansNone(type.name, selection.name.value) },
      ...(unless !== undefined && { unless }),
      ...(shape && { shape }),
      ...(isEnumType(named) && { values: named.getValues().map((value) => value.name) }),
    })
    asked.push(withKey(selection, key, shape?.asked))
  }
  const added = Object.entries(ADDED).flatMap(([name, text]) => (known[name] ? [text] : []))
  const guarding = [...guards].map((name) => `${name} { ${ADDED.incomplete} }`)
  asked.push(...selectionsOf([...added, ...guarding, ...extra]))
  return {
    type: type.name,
    fields,
    tellsIncomplete: known.incomplete !== undefined,
    asked: { kind: Kind.SELECTION_SET, selections: asked },
  }
}

function unwrap(type: GraphQLOutputType) {
  let [inner, lists] = [type, 0]
  while (isNonNullType(inner) || isListType(inner)) {
    if (isListType(inner)) lists += 1
    inner = inner.ofType
  }
  return { named: getNamedType(type), list: lists > 0, nested: lists > 1 }
}

/** Two rules that ask for a field with other arguments get it under two names; with the same, under one. */
function keyOf({ name, arguments: given = [] }: FieldNode): string {
  if (given.length === 0) return name.value
  const text = given.map((argument) => print(argument)).sort()
  return `${name.value}_${Buffer.from(text.join()).toString('hex')}`
}

function withKey({ name, arguments: given }: FieldNode, key: string, selectionSet: SelectionSetNode | undefined) {
  const alias = key === name.value ? {} : { alias: { kind: Kind.NAME as const, value: key } }
  const set = selectionSet && { selectionSet }
  return { kind: Kind.FIELD as const, name, ...alias, ...(given && { arguments: given }), ...set }
}

function selectionsOf(texts: readonly string[]): readonly SelectionNode[] {
  if (texts.length === 0) return []
  const [operation] = parse(`{ ${texts.join(' ')} }`, { noLocation: true }).definitions
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : []
}
