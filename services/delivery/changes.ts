import { parseId } from '#lib/ids.ts'
import type { ObservationIndex } from './history.ts'
import { areas, type Looks, lastLook } from './looks.ts'
import type { NewObservation } from './observation-log.ts'
import type { ObservationKind } from './port.ts'
import type { Seen, SeenJudgement, SeenVersion } from './seen.ts'

/** A change, and the id of the observation that it starts from. */
export interface FoundChange {
  readonly observation: NewObservation
  readonly before: string | undefined
}

/** What a look is compared with. */
export interface Known {
  readonly index: ObservationIndex
  readonly looks: Looks
}

/** What one thing is found to be. */
interface Found {
  readonly kind: ObservationKind
  readonly subject: string
  readonly source: string
  readonly area: string
  /** When it was seen. */
  readonly at: number
  /** What shows it is no older than this. */
  readonly readAt: number
  readonly models: readonly string[]
  readonly versions: readonly string[]
  readonly after: string | null
}

/**
 * What a look shows that was not so before. What a source did not show is no change: an absent answer says nothing. `now`: when
 * all was seen.
 */
export function changesIn(seen: Seen, now: number, known: Known): FoundChange[] {
  const served = Map.groupBy(
    seen.models.flatMap(({ id, endpoints }) => endpoints.map((endpoint) => ({ id, endpoint }))),
    ({ endpoint }) => endpoint,
  )
  return [
    ...seen.models.flatMap(({ id, source, at, champion }) =>
      changeOf(
        {
          ...{ kind: 'CHAMPION_CHANGED', subject: id, source, area: areas.champion(source), at, readAt: at },
          models: [id],
          ...{ versions: champion === null ? [] : [champion], after: champion && versionName(champion) },
        },
        known,
      ),
    ),
    ...seen.models.flatMap(({ id, source, served: versions, servedByAll }) => {
      const before = known.index.latest('SERVED_CHANGED', id)
      // Of servers that do not answer, what they served last is not known to be gone.
      if (!servedByAll && !before) return []
      const all = servedByAll ? versions : [...new Set([...(before?.versions ?? []), ...versions])].sort()
      return changeOf(
        {
          ...{ kind: 'SERVED_CHANGED', subject: id, source, area: areas.served, at: now, readAt: seen.servedAt },
          ...{ models: [id], versions: all },
          after: all.map(versionName).join(', ') || null,
        },
        known,
      )
    }),
    ...seen.endpoints.flatMap(({ id, source, at, state }) => {
      if (state === 'UNKNOWN') return []
      const models = served.get(id)?.map((one) => one.id) ?? known.index.latest('STATE_CHANGED', id)?.models ?? []
      return changeOf(
        {
          ...{ kind: 'STATE_CHANGED', subject: id, source, area: areas.state(source), at, readAt: at },
          ...{ models, versions: [] },
          after: state,
        },
        known,
      )
    }),
  ]
}

/** Tells judgements apart. */
export const judgementKey = ({ kind, id }: SeenJudgement): string => `${kind} ${id}`

/**
 * What was judged otherwise than before. `knownAt`: when a judgement of a thing was last known, by `judgementKey`, as far as this
 * process remembers; else, when it was last written down.
 */
export function judgementChanges(
  seen: readonly SeenJudgement[],
  now: number,
  knownAt: ReadonlyMap<string, number>,
  index: ObservationIndex,
): FoundChange[] {
  return seen.flatMap((one) => {
    const { kind, id, status } = one
    const before = index.latest(kind, id)
    if (before?.after === status) return []
    const parsed = parseId(id)
    const models = parsed?.type === 'Model' ? [id] : (index.latest('STATE_CHANGED', id)?.models ?? [])
    const last = before && (knownAt.get(judgementKey(one)) ?? before.at)
    const observation: NewObservation = {
      ...{ kind, at: now, subject: id, models, versions: [], source: parsed?.parts[0] ?? '' },
      ...{ before: before?.after ?? null, after: status, by: null, initial: !before, backfilled: false },
      precisionSeconds: last === undefined ? null : (now - last) / 1_000,
    }
    return [{ observation, before: before?.id }]
  })
}

/** Versions that were not known, at the moment that the registry remembers. */
export function newVersions(seen: readonly SeenVersion[], now: number, { looks }: Known): FoundChange[] {
  return seen.map(({ id, version, model, source, createdAt, createdBy }) => {
    const previous = lastLook(looks, areas.champion(source))
    return {
      before: undefined,
      observation: {
        ...{ kind: 'VERSION_CREATED', at: createdAt ?? now, subject: id, models: [model], versions: [id], source },
        ...{ before: null, after: version, by: createdBy, initial: createdAt === null && previous === undefined },
        precisionSeconds: createdAt !== null ? 0 : previous === undefined ? null : (now - previous) / 1_000,
        backfilled: createdAt !== null && (previous === undefined || createdAt < previous),
      },
    }
  })
}

/**
 * The change from what was known of a thing, if there is one. A thing that nobody knew is new where its source was looked at
 * before, and else only found. What was read before the last look or the last change, as an instance can hold it that was not
 * told, says nothing new.
 */
function changeOf(found: Found, { index, looks }: Known): FoundChange[] {
  const { kind, subject, source, area, at, readAt, models, versions, after } = found
  const before = index.latest(kind, subject)
  if (readAt < (lastLook(looks, area) ?? 0) || (before && readAt <= before.at)) return []
  if (before && before.after === after && isSame(before.versions, versions)) return []
  const previous = lastLook(looks, area)
  const initial = !before && previous === undefined
  const precisionSeconds = previous === undefined ? null : Math.max(0, at - previous) / 1_000
  return [
    {
      before: before?.id,
      observation: {
        ...{ kind, subject, source, models, versions, after, initial, precisionSeconds },
        ...{ at: Math.max(at, before?.at ?? at), before: before?.after ?? null, by: null, backfilled: false },
      },
    },
  ]
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one, i) => one === b[i])

const versionName = (id: string): string => parseId(id)?.parts.at(-1) ?? id
