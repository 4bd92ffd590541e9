import type { ModelHistory } from './history.ts'

/** A version that came into production. Times are milliseconds since 1970. */
export interface Deployment {
  /** Id of the version. */
  readonly version: string
  readonly at: number
  /** When the first bad thing followed it: a rollback from it, or trouble. null: none did. */
  readonly failedAt: number | null
}

/** What one event of production is. */
interface Move {
  readonly at: number
  readonly champion: boolean
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
  readonly initial: boolean
}

/**
 * Versions that came into production, by declaration or by answering requests, whichever was first: a version that was there
 * before is none, and a move of the champion to one that was declared earlier is a rollback. What is found at the first look is not known to have
 * come. Trouble is the fault of the version that came last before it.
 */
export function deploymentsOf(history: ModelHistory): Deployment[] {
  const known = new Set<string>()
  /** Versions by when they were first declared. */
  const champions: string[] = []
  const came: { version: string; at: number }[] = []
  const rollbacks: { from: ReadonlySet<string>; at: number }[] = []
  for (const { at, champion, before, after, initial } of movesOf(history)) {
    if (champion) champions.push(...[...after].filter((version) => !champions.includes(version)))
    const back = champion ? isEarlier(champions, after, before) : isBack(before, after, known, came.at(-1)?.version)
    if (back) rollbacks.push({ from: before, at })
    for (const version of after) {
      if (!known.has(version) && !initial) came.push({ version, at })
      known.add(version)
    }
  }
  const begun = history.troubles.flatMap(({ since }) => (since === null ? [] : [since]))
  return came.map(({ version, at }, i) => {
    const next = came[i + 1]?.at ?? Number.POSITIVE_INFINITY
    const back = rollbacks.find((one) => one.at >= at && one.from.has(version))?.at
    const trouble = begun.find((since) => since >= at && since < next)
    const failures = [back, trouble].filter((moment) => moment !== undefined)
    return { version, at, failedAt: failures.length > 0 ? Math.min(...failures) : null }
  })
}

/** Whether a champion gave way to one that was declared before it had been. */
const isEarlier = (order: readonly string[], after: ReadonlySet<string>, before: ReadonlySet<string>): boolean =>
  [...after].some((version) => [...before].some((left) => order.indexOf(version) < order.indexOf(left)))

/** Servers went back where the version that came last answers no more, and versions that were there before do. */
function isBack(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  known: ReadonlySet<string>,
  latest: string | undefined,
): boolean {
  if (latest === undefined || !before.has(latest) || after.has(latest)) return false
  return after.size > 0 && [...after].every((version) => known.has(version))
}

/** What came and went, in order of time; at one moment, declarations before what follows from them. */
function movesOf({ champion, served }: ModelHistory): Move[] {
  const declared = champion.map(({ since, value, initial }, i) => {
    const before = setOf(champion[i - 1]?.value)
    return { at: since, champion: true, before, after: setOf(value), initial }
  })
  const answering = served.map(({ since, value, initial }, i) => {
    return { at: since, champion: false, before: served[i - 1]?.value ?? new Set<string>(), after: value, initial }
  })
  return [...declared, ...answering].sort((a, b) => a.at - b.at || Number(b.champion) - Number(a.champion))
}

const setOf = (version: string | null | undefined): ReadonlySet<string> => new Set(version ? [version] : [])
