import type { ModelFacts, ObservationKind, ObservationRecord, VersionFacts } from '#services/delivery/port.ts'
import { type Chance, chance } from '../rules/random.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A value from a moment on. */
interface Since<T> {
  readonly at: number
  readonly value: T
}

/** What really happened to one model. Nothing here was observed. */
export interface TrueModel {
  readonly id: string
  readonly endpoint: string
  readonly owner: string
  readonly versions: readonly TrueVersion[]
  readonly champion: readonly Since<string | null>[]
  readonly served: readonly Since<readonly string[]>[]
  readonly state: readonly Since<string>[]
}

export interface TrueVersion {
  readonly id: string
  readonly committedAt: number
  readonly runStartedAt: number
  readonly runEndedAt: number
  readonly registeredAt: number
  readonly promotedAt: number | null
  readonly servedAt: number | null
  /** The first bad thing that came of it, a week or more later included. */
  readonly brokeAt: number | null
  readonly rolledBackAt: number | null
  readonly wellAgainAt: number | null
}

/** How the company was watched. */
export interface Watching {
  readonly from: number
  readonly interval: number
  /** Nobody looked between these. */
  readonly outages: readonly (readonly [number, number])[]
  /** In so many of 1, a message of the tool tells of a change at once; the look after it tells it again. */
  readonly messages: number
  /** Milliseconds by which the clocks of the forge, the tracking server and the registry are fast. */
  readonly skew: { readonly forge: number; readonly tracking: number; readonly registry: number }
}

/** Two years of so many models, up to `now`. Whatever happens to one model is at least an hour apart. */
export function simulate(seed: number, models: number, now: number): TrueModel[] {
  const { below, odds, pick } = chance(seed)
  const hours = (low: number, high: number) => (low + below((high - low) * 60) / 60) * HOUR
  return Array.from({ length: models }, (_, m) => {
    const name = `model-${m}`
    const id = `Model:registry:${name}`
    const versions: TrueVersion[] = []
    const champion: Since<string | null>[] = []
    const served: Since<readonly string[]>[] = []
    const state: Since<string>[] = [{ at: now - 800 * DAY, value: 'READY' }]
    let at = now - 730 * DAY + hours(0, 60 * 24)
    while (at < now - 2 * DAY) {
      const version = `ModelVersion:registry:${name}:${versions.length + 1}`
      const committedAt = at
      const runStartedAt = committedAt + hours(1, 48)
      const runEndedAt = runStartedAt + hours(1, 12)
      const registeredAt = runEndedAt + hours(0.1, 1)
      const before = champion.at(-1)?.value ?? null
      const promotedAt = odds(0.7) ? registeredAt + hours(24, 20 * 24) : null
      const servedAt = promotedAt === null ? null : promotedAt + hours(2, 48)
      const breaks = servedAt !== null && odds(0.3)
      const late = breaks && odds(0.2)
      const brokeAt = breaks && servedAt !== null ? servedAt + (late ? hours(200, 240) : hours(2, 90)) : null
      const rolledBackAt = brokeAt !== null && before !== null && odds(0.5) ? brokeAt + hours(2, 5) : null
      const wellAgainAt = brokeAt === null ? null : (rolledBackAt ?? brokeAt) + hours(3, 10)
      if (promotedAt !== null) champion.push({ at: promotedAt, value: version })
      if (servedAt !== null) served.push({ at: servedAt, value: [version] })
      if (brokeAt !== null) state.push({ at: brokeAt, value: 'NOT_READY' })
      if (rolledBackAt !== null && before !== null) {
        champion.push({ at: rolledBackAt, value: before })
        served.push({ at: rolledBackAt + 1.5 * HOUR, value: [before] })
      }
      if (wellAgainAt !== null) state.push({ at: wellAgainAt, value: 'READY' })
      versions.push({
        ...{ id: version, committedAt, runStartedAt, runEndedAt, registeredAt, promotedAt, servedAt },
        ...{ brokeAt, rolledBackAt, wellAgainAt },
      })
      at = (wellAgainAt ?? servedAt ?? registeredAt) + hours(10 * 24, 40 * 24)
    }
    // What is not over by now has not happened yet.
    const past = <T>(list: readonly Since<T>[]) => list.filter((one) => one.at <= now).sort((a, b) => a.at - b.at)
    const unlessLater = (moment: number | null) => (moment !== null && moment > now ? null : moment)
    return {
      ...{ id, endpoint: `Endpoint:server-${m}:server`, owner: pick(['credit', 'cards', 'pricing']) },
      versions: versions
        .filter(({ registeredAt }) => registeredAt <= now)
        .map((version) => ({
          ...version,
          promotedAt: unlessLater(version.promotedAt),
          servedAt: unlessLater(version.servedAt),
          brokeAt: unlessLater(version.brokeAt),
          rolledBackAt: unlessLater(version.rolledBackAt),
          wellAgainAt: unlessLater(version.wellAgainAt),
        })),
      ...{ champion: past(champion), served: past(served), state: past(state) },
    }
  })
}

/** What was so at a moment. */
export function truthAt<T>(list: readonly Since<T>[], moment: number, before: T): T {
  return list.findLast(({ at }) => at <= moment)?.value ?? before
}

/** What the tools tell of a model, each by its own clock. */
export function factsOf(model: TrueModel, { skew }: Watching): ModelFacts {
  const versions = model.versions.map(
    ({ id, committedAt, runStartedAt, runEndedAt, registeredAt }): VersionFacts => ({
      ...{ id, model: model.id, status: 'READY', run: `run of ${id}` },
      committedAt: committedAt + skew.forge,
      runStartedAt: runStartedAt + skew.tracking,
      runEndedAt: runEndedAt + skew.tracking,
      registeredAt: registeredAt + skew.registry,
    }),
  )
  const champion = model.champion.at(-1)?.value ?? null
  return { id: model.id, source: 'registry', domain: null, owners: [model.owner], champion, versions }
}

/** When somebody looked: every interval, give or take a tenth, but not in an outage. */
function looksOf({ from, interval, outages }: Watching, now: number, { below }: Chance): number[] {
  const looks: number[] = []
  for (let at = from; at <= now; at += interval * 0.9 + below(interval * 0.2)) {
    if (!outages.some(([start, end]) => at > start && at < end)) looks.push(at)
  }
  return looks
}

/** What an observer would have written down, in no order, with what two of them saw twice. */
export function observe(
  models: readonly TrueModel[],
  watching: Watching,
  now: number,
  seed: number,
): ObservationRecord[] {
  const luck = chance(seed)
  const looks = looksOf(watching, now, luck)
  const seen: ObservationRecord[] = []
  let count = 0

  function watch<T>(
    model: TrueModel,
    kind: ObservationKind,
    subject: string,
    list: readonly Since<T>[],
    none: T,
    say: (value: T) => readonly string[],
  ) {
    const note = (at: number, value: T, before: T | undefined, precisionSeconds: number | null) => {
      const words = say(value)
      seen.push({
        ...{ id: `seen-${count}`, sequence: count++, at, kind, subject, models: [model.id], by: null },
        ...{ source: 'somewhere', precisionSeconds, initial: precisionSeconds === null, backfilled: false },
        versions: words.filter((word) => word.startsWith('ModelVersion:')),
        before: before === undefined ? null : say(before).join(', ') || null,
        after: words.join(', ') || null,
      })
    }
    let last = truthAt(list, watching.from, none)
    note(watching.from, last, undefined, null)
    const changes = list.filter(({ at }) => at > watching.from)
    let toldTo = watching.from
    for (const { at } of changes) {
      const next = looks.findIndex((look) => look >= at)
      const [look, previous] = [looks[next], looks[next - 1]]
      if (look === undefined || previous === undefined || look <= toldTo) continue
      const value = truthAt(list, look, none)
      const told = at + 2_000
      if (look - previous < 2 * watching.interval && told < look && luck.odds(watching.messages)) {
        note(told, truthAt(list, told, none), last, (told - previous) / 1_000)
        note(look, value, last, (look - previous) / 1_000)
      } else if (String(value) !== String(last)) note(look, value, last, (look - previous) / 1_000)
      last = value
      toldTo = look
    }
  }
  for (const model of models) {
    watch(model, 'CHAMPION_CHANGED', model.id, model.champion, null, (value) => (value === null ? [] : [value]))
    watch(model, 'SERVED_CHANGED', model.id, model.served, [], (value) => value)
    watch(model, 'STATE_CHANGED', model.endpoint, model.state, 'READY', (value) => [value])
  }
  // Written down in any order: late messages, two instances, an import.
  return seen
    .map((one) => ({ one, key: luck.below(1e9) }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one)
}
