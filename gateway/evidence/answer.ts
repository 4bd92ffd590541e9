import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { Incomplete } from '#lib/common.generated.ts'
import type { GraphAnswer } from '#lib/graph.ts'
import { type AnswerErrors, answerErrors, pathKey } from '#lib/rules/answer.ts'
import type { RuleGraph } from '#lib/rules/graph-schema.ts'
import { unaccounted } from '#lib/rules/missing.ts'

/** One question and what the graph answered to it. */
export interface Asked {
  /** Its name among the questions. */
  readonly question: string
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  /** When, ISO 8601 UTC. */
  readonly askedAt: string
  readonly data: GraphAnswer['data']
  readonly errors: GraphAnswer['errors']
  /** true: the graph that was asked has no such part, so that nothing was asked. */
  readonly unknown?: true
  /** What the contract says of null in it. */
  readonly nones: Nones
}

/**
 * Paths of a question's answer, without places in lists, at which null means that there is none; with the field beside whose
 * `incomplete` takes that back, where there is one.
 */
export type Nones = ReadonlyMap<string, string | undefined>

/** A place in an answer: what stands there and, where that is null, what null means. */
export interface Spot {
  /** null also below what is null, so that whoever reads need not look at each step. */
  readonly value: unknown
  /** true: null here is an answer, there is none. false: there is a value, or it is not known. */
  readonly none: boolean
  /** What is missing in the record that it stands in: while there is anything, no list is known to be empty. */
  readonly beside: readonly Incomplete[]
  /** Why null stands here, where an error of the answer accounts for it. */
  readonly why: readonly Incomplete[]
  /** What the value itself says is missing in it. */
  readonly incomplete: readonly Incomplete[]
  /** The elements of a list; of anything else there are none. */
  readonly items: readonly Spot[]
  get(...names: readonly string[]): Spot
}

/** Reads which nulls of a question's answer mean none: those of fields that the contract marks so. The question has no fragments. */
export function nonesOf(
  document: string,
  { schema, nullMeansNone, nullUnless }: Pick<RuleGraph, 'schema' | 'nullMeansNone' | 'nullUnless'>,
): Nones {
  const found = new Map<string, string | undefined>()
  const types = new TypeInfo(schema)
  const path: string[] = []
  const visitor = visitWithTypeInfo(types, {
    Field: {
      enter({ name, alias }) {
        path.push((alias ?? name).value)
        const type = types.getParentType()?.name
        if (type !== undefined && nullMeansNone(type, name.value)) {
          found.set(path.join('.'), nullUnless(type, name.value))
        }
      },
      leave: () => void path.pop(),
    },
  })
  visit(parse(document, { noLocation: true }), visitor)
  return found
}

/** Why nothing is known of what the graph has no part for. */
export const NO_SUCH_PART = unaccounted(
  'NOT_CONFIGURED',
  'The graph that this gateway serves has no part that tells this.',
)

type Read = Pick<Asked, 'data' | 'errors' | 'nones' | 'unknown'>

/** The field at the top of an answer. */
export function readAnswer({ data, errors, nones, unknown }: Read, root: string): Spot {
  const above = unknown ? { ...UNSAID, why: NO_SUCH_PART } : UNSAID
  return spotAt(data?.[root] ?? null, [root], above, { errors: answerErrors(errors, root), nones })
}

interface Around {
  readonly errors: AnswerErrors
  readonly nones: Nones
}

const UNSAID: Above = { why: [], none: false, beside: [], there: true, saidBy: () => [] }

/** What is said of that in which something stands; `there`: it is there, so that what it says of itself counts. */
interface Above extends Pick<Spot, 'why' | 'none' | 'beside'> {
  readonly there: boolean
  /** What a field of it says is missing. */
  saidBy(field: string): readonly Incomplete[]
}

function spotAt(value: unknown, path: readonly (string | number)[], above: Above, around: Around): Spot {
  const names = path.filter((part) => typeof part === 'string').join('.')
  const guard = around.nones.get(names)
  const guarded = guard === undefined ? [] : above.saidBy(guard)
  const why = value === null ? (around.errors.why(pathKey(path)) ?? (above.why.length > 0 ? above.why : guarded)) : []
  const { beside } = above
  const none =
    value === null &&
    why.length === 0 &&
    beside.length === 0 &&
    (above.none || (above.there && around.nones.has(names)))
  const incomplete = isRecord(value) && Array.isArray(value.incomplete) ? (value.incomplete as Incomplete[]) : []
  const spot: Spot = {
    ...{ value, why, none, beside, incomplete },
    items: Array.isArray(value)
      ? value.map((item, i) => spotAt(item, [...path, i], { ...UNSAID, why, none, beside }, around))
      : [],
    get(name, ...more) {
      if (name === undefined) return spot
      const within = isRecord(value) ? (value[name] ?? null) : null
      const there = isRecord(value)
      const saidBy = (field: string) => (isRecord(value) ? incompleteOf(value[field], field) : [])
      const said = { why, none, beside: there ? incomplete : beside, there, saidBy }
      return spotAt(within, [...path, name], said, around).get(...more)
    },
  }
  return spot
}

/** What a field says is missing; where it cannot be read, nobody knows what is. */
function incompleteOf(value: unknown, field: string): readonly Incomplete[] {
  if (isRecord(value) && Array.isArray(value.incomplete)) return value.incomplete as Incomplete[]
  return unaccounted('UNSUPPORTED', `${field} does not tell whether anything is missing.`)
}

/** A text that stands at a place; undefined: none does. */
export function textOf(spot: Spot): string | undefined {
  return typeof spot.value === 'string' && spot.value !== '' ? spot.value : undefined
}

/** Whether a value of an answer has fields. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
