import type { Incomplete } from '../common.generated.ts'
import type { AnswerErrors } from './answer.ts'
import { type Hole, Missing, unaccounted } from './missing.ts'
import type { FactField, Shape } from './shape.ts'

/** How many facts one judgement may read. */
const MAX_READS = 20_000

/** Where a fact comes from. */
interface Origin {
  readonly source: string | null
  readonly fetchedAt: string | null
}

/** A fact that was read; null: known to be none. */
export interface Read extends Origin {
  readonly value: unknown
}

/** What happens while one subject is judged. */
export interface Run {
  readonly errors: AnswerErrors
  /** How many more facts may be read. */
  budget: { left: number }
  /** By path in the rule's words. */
  reads: Map<string, Read>
  holes: Map<string, Hole>
  /** true: incomplete lists are read as far as they are known, as sentences want it. */
  lax: boolean
}

/** A record of an answer. */
export type Raw = Readonly<Record<string, unknown>>

/** Where a record stands: in the rule's words, and in the answer. */
interface Place {
  readonly path: string
  readonly at: string
  readonly origin: Origin
}

/** The class of a selection set, whose getters are its facts. Expressions see nothing else of it. */
export type FactClass = new (raw: Raw, place: Place, run: Run) => object

/** Name of the getter of what is known of a list that is not complete. */
export const knownOf = (name: string): string => `${name}__known`

const NOWHERE: Origin = { source: null, fetchedAt: null }

/** A run with nothing read yet. */
export function startRun(errors: AnswerErrors): Run {
  return { errors, budget: { left: MAX_READS }, reads: new Map(), holes: new Map(), lax: false }
}

/** The subject of a rule: the record at a path of the answer. */
export function subjectOf(type: FactClass, raw: Raw, at: string, run: Run): object {
  return new type(raw, { path: '', at, origin: NOWHERE }, run)
}

/** Makes the class of a shape; `children`: the classes of the shapes within. */
export function factClass(shape: Shape, children: ReadonlyMap<Shape, FactClass>): FactClass {
  const records = new WeakMap<object, { raw: Raw; place: Place; run: Run }>()
  const type = class {
    constructor(raw: Raw, place: Place, run: Run) {
      records.set(this, { raw, place: { ...place, origin: originOf(raw) ?? place.origin }, run })
    }
  }
  for (const [name, field] of shape.fields) {
    const child = field.shape && children.get(field.shape)
    const read = (partial: boolean) =>
      function (this: object) {
        const record = records.get(this)
        if (!record) throw new Missing(name)
        return readFact(name, field, child, shape, record, partial)
      }
    Object.defineProperty(type.prototype, name, { get: read(false) })
    if (field.list) Object.defineProperty(type.prototype, knownOf(name), { get: read(true) })
  }
  return type
}

function readFact(
  name: string,
  field: FactField,
  child: FactClass | undefined,
  shape: Shape,
  { raw, place, run }: { raw: Raw; place: Place; run: Run },
  partial: boolean,
): unknown {
  const path = place.path === '' ? name : `${place.path}.${name}`
  const at = `${place.at}.${field.key}`
  const value = raw[field.key]
  // Reading a list is as much work as its length, whatever is then read of its elements.
  run.budget.left -= Array.isArray(value) ? 1 + value.length : 1
  const missing = (why: readonly Incomplete[]) => {
    run.holes.set(path, { path, why })
    return new Missing(path)
  }
  if (run.budget.left < 0) {
    throw missing(unaccounted('TRUNCATED', `Judging needs more than ${MAX_READS} facts, and was stopped.`))
  }
  const beside = shape.tellsIncomplete && name !== 'incomplete' ? besideOf(raw) : undefined
  if (value === null || value === undefined) {
    const why = run.errors.why(at) ?? beside ?? (field.unless === undefined ? undefined : guardOf(raw, field.unless))
    if (why) throw missing(why)
    if (!field.none) throw missing(unaccounted('UNSUPPORTED', `${path} is not known.`, place.origin.source))
    run.reads.set(path, { value: null, ...place.origin })
    return undefined
  }
  const elements = Array.isArray(value) ? value : [value]
  const gap = gapOf(field, elements, raw, beside, path)
  if (gap) {
    const error = missing(gap)
    if (!field.list || !(partial || run.lax)) throw error
  }
  const convert = (element: unknown, i?: number) => {
    const suffix = i === undefined ? '' : `[${i}]`
    if (child) {
      return new child(element as Raw, { ...place, path: path + suffix, at: i === undefined ? at : `${at}.${i}` }, run)
    }
    const converted = toCel(field.named, element)
    if (converted === undefined) throw missing(unaccounted('BAD_RESPONSE', `${path} holds something unreadable.`))
    run.reads.set(path + suffix, { value: element, ...place.origin })
    return converted
  }
  if (!field.list) return convert(value)
  const told = (element: unknown) => element !== null && !(field.values && element === 'UNKNOWN')
  return elements.flatMap((element, i) => (told(element) ? [convert(element, i)] : []))
}

/** Why a value that is there is not all there is; undefined: it is. */
function gapOf(
  field: FactField,
  elements: readonly unknown[],
  raw: Raw,
  beside: readonly Incomplete[] | undefined,
  path: string,
): readonly Incomplete[] | undefined {
  if (!field.list) {
    // Values of enums that say so, and numbers counted over a part.
    if (field.values && elements[0] === 'UNKNOWN')
      return unaccounted('UNSUPPORTED', `The source of ${path} says UNKNOWN.`)
    return field.named === 'Int' || field.named === 'Float' ? beside : undefined
  }
  if (beside) return beside
  const page = raw.pageInfo
  if (typeof page === 'object' && page !== null && 'hasNextPage' in page && page.hasNextPage === true) {
    return unaccounted('TRUNCATED', `${path} has more pages than were read.`)
  }
  if (field.values && elements.includes('UNKNOWN'))
    return unaccounted('UNSUPPORTED', `Something in ${path} is UNKNOWN.`)
  return elements.includes(null) ? unaccounted('UNSUPPORTED', `Something in ${path} is not known.`) : undefined
}

/** What the record itself says is missing in it. */
function besideOf({ incomplete }: Raw): readonly Incomplete[] | undefined {
  return Array.isArray(incomplete) && incomplete.length > 0 ? (incomplete as Incomplete[]) : undefined
}

/** What a field beside says is missing, so that null means nothing; undefined: it says that nothing is. */
function guardOf(raw: Raw, name: string): readonly Incomplete[] | undefined {
  const beside = raw[name]
  if (typeof beside !== 'object' || beside === null || !('incomplete' in beside)) {
    return unaccounted('UNSUPPORTED', `${name} does not tell whether anything is missing.`)
  }
  return besideOf(beside as Raw)
}

function originOf({ provenance }: Raw): Origin | undefined {
  if (typeof provenance !== 'object' || provenance === null) return undefined
  const { source, fetchedAt } = provenance as { source?: { id?: string } | null; fetchedAt?: string | null }
  return { source: source?.id ?? null, fetchedAt: fetchedAt ?? null }
}

/** A value of the graph as CEL has it; undefined: it is not what its type says. */
function toCel(named: string, value: unknown): unknown {
  switch (named) {
    case 'Int':
      return Number.isInteger(value) ? BigInt(value as number) : undefined
    case 'Float':
      return typeof value === 'number' ? value : undefined
    case 'Boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'DateTime': {
      const date = new Date(String(value))
      return Number.isNaN(date.getTime()) ? undefined : date
    }
    default:
      return typeof value === 'string' ? value : undefined
  }
}
