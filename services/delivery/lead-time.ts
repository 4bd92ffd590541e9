import { type Arrival, type ModelHistory, promotionOf, servingOf } from './history.ts'
import type { DeliveryStage, ModelFacts, VersionFacts } from './port.ts'

/** Milliseconds by which the clocks of two tools may differ: less than that backwards is taken for no time at all. */
const CLOCK_TOLERANCE = 300_000

/** The way of one version. Times are milliseconds since 1970, null: not known or not yet. */
export interface Way {
  readonly facts: VersionFacts
  readonly promoted: Arrival | undefined
  readonly served: Arrival | undefined
  /** Beginning and end of each stage. */
  readonly stages: Readonly<Record<DeliveryStage, Stage>>
  /** Milliseconds from the start of the run to production. */
  readonly total: number | null
  /** The stage whose end it waits for, and since when. */
  readonly stalled: { readonly stage: DeliveryStage; readonly since: number } | null
}

/** One stage of one version. */
interface Stage {
  readonly from: number | null
  readonly to: number | null
  /** null: an end is not known, or the two contradict each other. */
  readonly milliseconds: number | null
}

/** The way of a version of a model, as far as it is known. */
export function wayOf(facts: VersionFacts, model: ModelFacts, history: ModelHistory): Way {
  const promoted = promotionOf(history, facts.id)
  const served = servingOf(history, facts.id)
  const { committedAt, runStartedAt, runEndedAt, registeredAt } = facts
  const stages = {
    INTEGRATION: stageOf(committedAt, runStartedAt),
    TRAINING: stageOf(runStartedAt, runEndedAt),
    REGISTRATION: stageOf(runEndedAt, registeredAt),
    VALIDATION: stageOf(registeredAt, promoted?.at ?? null),
    DEPLOYMENT: deploymentOf(promoted, served),
  }
  const total = between(runStartedAt, promoted?.at ?? null)
  return { facts, promoted, served, stages, total, stalled: stalledAt(facts, model, history, promoted, served) }
}

function stageOf(from: number | null, to: number | null): Stage {
  return { from, to, milliseconds: between(from, to) }
}

/** Registries round, and clocks differ: a little backwards is 0. Much is a contradiction, and nothing is known. */
function between(from: number | null, to: number | null): number | null {
  if (from === null || to === null || to - from < -CLOCK_TOLERANCE) return null
  return Math.max(0, to - from)
}

/** What answered requests before it was declared was there at once, also where nobody knows since when it did. */
function deploymentOf(promoted: Arrival | undefined, served: Arrival | undefined): Stage {
  const from = promoted?.at ?? null
  if (from === null || !served) return { from, to: served?.at ?? null, milliseconds: null }
  const to = Math.max(from, served.at ?? served.before)
  const known = served.at !== null || served.before <= from
  return { from, to: known ? to : null, milliseconds: known ? to - from : null }
}

/**
 * What a version waits for. One that failed, that was in production and is no more, or that a later one has overtaken waits for
 * nothing. Nor is one known to wait to be served while it was never observed what is.
 */
function stalledAt(
  { id, status, registeredAt }: VersionFacts,
  model: ModelFacts,
  history: ModelHistory,
  promoted: Arrival | undefined,
  served: Arrival | undefined,
): Way['stalled'] {
  if (status === 'FAILED' || served) return null
  if (model.champion === id) {
    const since = promoted ? (promoted.at ?? promoted.before) : null
    return history.served.length > 0 && since !== null ? { stage: 'DEPLOYMENT', since } : null
  }
  if (promoted || registeredAt === null || isOvertaken(registeredAt, model, history)) return null
  return { stage: status === 'PENDING' ? 'REGISTRATION' : 'VALIDATION', since: registeredAt }
}

/** Whether a version that was registered later is or was in production. */
function isOvertaken(registeredAt: number, { champion, versions }: ModelFacts, history: ModelHistory): boolean {
  const used = new Set([champion, ...history.champion.map(({ value }) => value)])
  return versions.some((one) => used.has(one.id) && one.registeredAt !== null && one.registeredAt > registeredAt)
}
