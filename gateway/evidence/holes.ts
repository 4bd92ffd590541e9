import type { Incomplete } from '#lib/common.generated.ts'
import { answerErrors, pathKey } from '#lib/rules/answer.ts'
import { type Asked, isRecord, NO_SUCH_PART, textOf } from './answer.ts'
import type { Evidence } from './gather.ts'

/** Something that is missing in a pack, once for all places at which the answers say so. */
export interface Hole extends Incomplete {
  /** The questions in whose answers it is missing. */
  readonly at: readonly string[]
}

/** Facts of a source that are older than its freshness window. */
interface Stale {
  readonly source: string
  /** When the oldest of them was asked of it. */
  readonly oldest: string
  /** As the source answers now; undefined: not told. */
  readonly state: string | undefined
}

/** How far a pack can be relied on. */
export interface Completeness {
  /** true: something is missing that a configured source would tell, or comes from the memory of one that is not up. */
  readonly incomplete: boolean
  /** What is missing, by source. */
  readonly missing: readonly Hole[]
  /** What no configured tool can tell at all. */
  readonly uncovered: readonly Hole[]
  readonly stale: readonly Stale[]
  /** When the oldest fact was asked of its source. undefined: no fact tells. */
  readonly oldestFact: string | undefined
}

/** Reasons for which nobody is silent: there is nobody who could tell. */
const UNCOVERED: ReadonlySet<string> = new Set(['NOT_CONFIGURED', 'UNSUPPORTED'])

/** Reads out of all answers what is missing in them and how old they are. */
export function completenessOf({ asked, cut, sources }: Evidence): Completeness {
  const holes = new Map<string, { hole: Incomplete; at: Set<string> }>()
  const oldest = new Map<string, string>()
  let oldestFact: string | undefined
  const add = (hole: Incomplete, at: string) => {
    const key = JSON.stringify([hole.source, hole.reason, hole.message, hole.count])
    const known = holes.get(key) ?? { hole, at: new Set() }
    known.at.add(at)
    holes.set(key, known)
  }
  const old = (moment: unknown) => {
    if (typeof moment === 'string' && (oldestFact === undefined || moment < oldestFact)) oldestFact = moment
  }
  for (const answer of asked) {
    if (answer.unknown) for (const hole of NO_SUCH_PART) add(hole, answer.question)
    for (const hole of failures(answer)) add(hole, answer.question)
    eachRecord(answer.data, (record) => {
      if (Array.isArray(record.incomplete)) {
        for (const hole of record.incomplete as Incomplete[]) add(hole, answer.question)
      }
      old(record.asOf)
      const { fetchedAt, stale, source } = record
      if (typeof fetchedAt !== 'string') return
      old(fetchedAt)
      if (stale !== true || !isRecord(source)) return
      const id = String(source.id)
      const before = oldest.get(id)
      oldest.set(id, before === undefined || fetchedAt < before ? fetchedAt : before)
    })
  }
  for (const hole of cut) add(hole, 'bounds')

  const states = new Map(sources.items.map((one) => [textOf(one.get('id')), textOf(one.get('status', 'state'))]))
  const all = [...holes.values()].map(({ hole, at }) => ({ ...hole, at: [...at].sort() })).sort(bySource)
  const missing = all.filter(({ reason }) => !UNCOVERED.has(reason))
  const stale = [...oldest].map(([source, moment]) => ({ source, oldest: moment, state: states.get(source) }))
  return {
    incomplete: missing.length > 0 || stale.some(({ state }) => state !== 'UP'),
    ...{ missing, stale, oldestFact },
    uncovered: all.filter(({ reason }) => UNCOVERED.has(reason)),
  }
}

/** The errors of an answer, each as what it takes away. */
function failures({ data, errors }: Asked): Incomplete[] {
  const roots = new Set([...Object.keys(data ?? {}), ...errors.map(({ path }) => String(path?.[0]))])
  const read = new Map([...roots].map((root) => [root, answerErrors(errors, root)]))
  return errors.flatMap(({ path = [] }) => {
    const root = String(path[0])
    return [...(read.get(root)?.why(path.length === 0 ? root : pathKey(path)) ?? [])]
  })
}

function eachRecord(value: unknown, see: (record: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) for (const one of value) eachRecord(one, see)
  else if (isRecord(value)) {
    see(value)
    for (const one of Object.values(value)) eachRecord(one, see)
  }
}

function bySource(a: Hole, b: Hole): number {
  return (a.source ?? '').localeCompare(b.source ?? '', 'en') || a.reason.localeCompare(b.reason, 'en')
}
