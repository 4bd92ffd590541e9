import { deploymentsOf } from './deployments.ts'
import { type DistributionRecord, distributionOf, type RatioRecord, ratioOf, type Sample } from './distribution.ts'
import type { ModelHistory } from './history.ts'
import { type Way, wayOf } from './lead-time.ts'
import { type DeliveryStage, deliveryStages, type ModelFacts } from './port.ts'

const DAY = 86_400_000

/** A model with what was observed of it. */
export interface ObservedModel {
  readonly facts: ModelFacts
  readonly history: ModelHistory
}

/** Which time the figures are for. */
export interface Window {
  /** Milliseconds since 1970: the end of the time. */
  readonly now: number
  readonly days: number
  /** A deployment that something bad follows within so many days has failed. */
  readonly failedWithinDays: number
}

/** The figures of a group of models, as the graph shows them, but for what is missing. */
export interface Figures {
  readonly productionShare: RatioRecord
  readonly totalLeadTimeSeconds: DistributionRecord
  readonly modelAgeSeconds: DistributionRecord
  readonly retrainingGapSeconds: DistributionRecord
  readonly deploymentsPerWeek: number | null
  readonly changeFailRate: RatioRecord
  readonly timeToRestoreSeconds: DistributionRecord
  /** Milliseconds since 1970. */
  readonly firstObservationAt: number | null
}

/** The figures of these models. docs/delivery.md has the definitions in words and formulas. */
export function figuresOf(models: readonly ObservedModel[], window: Window): Figures {
  const firsts = models.flatMap(({ history }) => history.firstObservationAt ?? [])
  const firstObservationAt = firsts.length > 0 ? firsts.reduce((a, b) => Math.min(a, b)) : null
  return {
    productionShare: productionShare(models),
    totalLeadTimeSeconds: distributionOf(totalSample(waysOf(models), window)),
    modelAgeSeconds: distributionOf(ageSample(models, window)),
    retrainingGapSeconds: distributionOf(together(models.map((model) => gapSample(model, window)))),
    ...deployments(models, window, firstObservationAt),
    timeToRestoreSeconds: distributionOf(together(models.map((model) => restoreSample(model, window)))),
    firstObservationAt,
  }
}

/** How long each stage takes, of the versions of these models. */
export function stagesOf(
  models: readonly ObservedModel[],
  window: Window,
): { readonly stage: DeliveryStage; readonly seconds: DistributionRecord }[] {
  const ways = waysOf(models)
  return deliveryStages.map((stage) => ({ stage, seconds: distributionOf(stageSample(ways, stage, window)) }))
}

const waysOf = (models: readonly ObservedModel[]): Ways =>
  models.flatMap((model) =>
    model.facts.versions.map((version) => ({ model, way: wayOf(version, model.facts, model.history) })),
  )

const startOf = ({ now, days }: Window) => now - days * DAY

/** Whether a moment lies in the time asked for. */
const isIn = (window: Window, moment: number) => moment > startOf(window) && moment <= window.now

function together(samples: readonly Sample[]): Sample {
  return {
    values: samples.flatMap(({ values }) => values),
    censored: samples.reduce((sum, { censored }) => sum + censored, 0),
  }
}

/** Of all models but those that nobody has watched yet and that are not in production now: of them it is not known. */
function productionShare(models: readonly ObservedModel[]): RatioRecord {
  const hasReached = ({ facts, history }: ObservedModel) =>
    facts.champion !== null || history.champion.some(({ value }) => value !== null)
  const reached = models.filter(hasReached).length
  const unwatched = models.filter((model) => model.history.firstObservationAt === null && !hasReached(model)).length
  return ratioOf(reached, models.length - unwatched, unwatched)
}

type Ways = readonly { readonly model: ObservedModel; readonly way: Way }[]

/**
 * A stage counts where it ended in the time asked for. Left out, and counted as such: stages that ended then of which the
 * beginning is not known or contradicts the end; that may have ended then, before the first look; and that are not over.
 */
function stageSample(ways: Ways, stage: DeliveryStage, window: Window): Sample {
  const values: number[] = []
  let censored = 0
  for (const { model, way } of ways) {
    const { from, to, milliseconds } = way.stages[stage]
    if (to !== null && isIn(window, to) && milliseconds !== null) values.push(milliseconds / 1_000)
    else if (to !== null && isIn(window, to)) censored++
    else if (to === null && (way.stalled?.stage === stage || isOpen(stage, way))) censored++
    else if (to === null && endedUnseen(stage, way, model, window)) censored++
    else if (to === null && from !== null && milliseconds === null && unserved(stage, way, model)) censored++
  }
  return { values, censored }
}

/** Training that is still going on. */
const isOpen = (stage: DeliveryStage, { facts }: Way) =>
  stage === 'TRAINING' && facts.runStartedAt !== null && facts.runEndedAt === null

/** A version that was in production, or served, at the first look: the stage ended before that, perhaps in the time asked for. */
function endedUnseen(stage: DeliveryStage, { promoted, served }: Way, { history }: ObservedModel, window: Window) {
  const arrival = stage === 'VALIDATION' ? promoted : stage === 'DEPLOYMENT' ? served : undefined
  return arrival?.at === null && history.firstObservationAt !== null && history.firstObservationAt > startOf(window)
}

/** A champion that is not known to be served, and no longer is one: its deployment never ended. */
function unserved(stage: DeliveryStage, { promoted, served, stalled }: Way, { history }: ObservedModel) {
  return stage === 'DEPLOYMENT' && promoted !== undefined && !served && !stalled && history.served.length > 0
}

function totalSample(ways: Ways, window: Window): Sample {
  const values: number[] = []
  let censored = 0
  for (const { model, way } of ways) {
    const at = way.promoted?.at ?? null
    if (at !== null && isIn(window, at) && way.total !== null) values.push(way.total / 1_000)
    else if (at !== null && isIn(window, at)) censored++
    else if (at === null && (way.stalled?.stage === 'VALIDATION' || endedUnseen('VALIDATION', way, model, window))) {
      censored++
    }
  }
  return { values, censored }
}

/** Of the versions in production now. */
function ageSample(models: readonly ObservedModel[], { now }: Window): Sample {
  const champions = models.flatMap(({ facts: { champion, versions } }) =>
    champion === null ? [] : [versions.find(({ id }) => id === champion)],
  )
  const values = champions.flatMap((version) =>
    version?.runEndedAt == null ? [] : [Math.max(0, now - version.runEndedAt) / 1_000],
  )
  return { values, censored: champions.length - values.length }
}

/** Between the ends of one model's runs, each run once; by the later end. A run of which the end is not told is left out. */
function gapSample({ facts }: ObservedModel, window: Window): Sample {
  const runs = new Map(facts.versions.flatMap((version) => (version.run === null ? [] : [[version.run, version]])))
  const ends = [...runs.values()].flatMap(({ runEndedAt }) => runEndedAt ?? []).toSorted((a, b) => a - b)
  const gaps = ends.flatMap((end, i) => {
    const before = ends[i - 1]
    return before !== undefined && isIn(window, end) ? [(end - before) / 1_000] : []
  })
  return { values: gaps, censored: runs.size - ends.length }
}

/**
 * Deployments of the time asked for, in the part of it that was watched, and those among them that failed. A deployment of
 * which the time to fail is not over, and that did not fail so far, is not decided.
 */
function deployments(
  models: readonly ObservedModel[],
  window: Window,
  firstObservationAt: number | null,
): Pick<Figures, 'deploymentsPerWeek' | 'changeFailRate'> {
  const within = window.failedWithinDays * DAY
  const all = models.flatMap(({ history }) => deploymentsOf(history)).filter(({ at }) => isIn(window, at))
  const failed = all.filter(({ at, failedAt }) => failedAt !== null && failedAt - at <= within)
  const undecided = all.filter((one) => !failed.includes(one) && one.at + within > window.now).length
  const watched = firstObservationAt === null ? 0 : window.now - Math.max(firstObservationAt, startOf(window))
  return {
    // Of less than a day, a figure per week says nothing.
    deploymentsPerWeek: watched < DAY ? null : all.length / (watched / (7 * DAY)),
    changeFailRate: ratioOf(failed.length, all.length - undecided, undecided),
  }
}

/** Troubles that ended in the time asked for; left out: those that are not over, or began before the first look. */
function restoreSample({ history }: ObservedModel, window: Window): Sample {
  const values: number[] = []
  let censored = 0
  for (const { since, until } of history.troubles) {
    if (until === null) censored++
    else if (isIn(window, until) && since === null) censored++
    else if (isIn(window, until) && since !== null) values.push((until - since) / 1_000)
  }
  return { values, censored }
}
