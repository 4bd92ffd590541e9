import { describe, expect, it } from 'vitest'
import { quantile } from '#services/delivery/distribution.ts'
import { createObservationIndex, historyOf } from '#services/delivery/history.ts'
import { wayOf } from '#services/delivery/lead-time.ts'
import { figuresOf, type ObservedModel, stagesOf } from '#services/delivery/metrics.ts'
import { productionAt } from '#services/delivery/production-at.ts'
import { stalledOf } from '#services/delivery/stalled.ts'
import { chance } from '../rules/random.ts'
import { factsOf, observe, simulate, type TrueModel, type TrueVersion, truthAt, type Watching } from './simulation.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-11-01T12:00:00Z')

const watching: Watching = {
  from: NOW - 600 * DAY,
  interval: HOUR / 2,
  outages: [],
  messages: 0.3,
  skew: { forge: 20_000, tracking: -60_000, registry: 90_000 },
}
/** Seconds by which a figure can be off: a look and a bit, and the clocks. */
const OFF = (0.55 * HOUR + 150_000) / 1_000

const truth = simulate(4_711, 60, NOW)

function watched(how: Watching, seed = 1): ObservedModel[] {
  const index = createObservationIndex()
  index.add(observe(truth, how, NOW, seed))
  return truth.map((model) => ({ facts: factsOf(model, how), history: historyOf(model.id, index.of(model.id)) }))
}

/** Half of the values are at most that, and nine of ten, found by counting: the values around each. */
function around(values: readonly number[], share: number): { low: number; high: number } {
  const ordered = values.toSorted((a, b) => a - b)
  const place = share * (ordered.length - 1)
  return { low: ordered[Math.floor(place)] ?? Number.NaN, high: ordered[Math.ceil(place)] ?? Number.NaN }
}

function expectLike(figure: { median: number | null; p90: number | null; sampleSize: number }, real: number[]) {
  expect(figure.sampleSize).toBe(real.length)
  for (const [value, share] of [
    [figure.median, 0.5],
    [figure.p90, 0.9],
  ] as const) {
    const { low, high } = around(real, share)
    expect(value).toBeGreaterThanOrEqual(low - OFF)
    expect(value).toBeLessThanOrEqual(high + OFF)
  }
}

const versions = (models: readonly TrueModel[] = truth) => models.flatMap((model) => model.versions)
const overtaken = (model: TrueModel, version: TrueVersion) =>
  model.versions.some((one) => one.registeredAt > version.registeredAt && one.promotedAt !== null)
const isIn = (moment: number | null, days: number): moment is number => moment !== null && moment > NOW - days * DAY

describe.each([
  // The observer had begun long before: nothing of the time is hidden.
  { days: 365, hidden: false },
  // It began within the time.
  { days: 725, hidden: true },
])('the figures of two simulated years, of the last $days days', ({ days, hidden }) => {
  const window = { now: NOW, days, failedWithinDays: 7 }
  const figures = figuresOf(watched(watching), window)
  const stages = stagesOf(watched(watching), window)
  const stage = (name: string) => stages.find((one) => one.stage === name)?.seconds ?? expect.fail()
  /** What was seen to happen, of what happened. */
  const seen = (moment: number | null): moment is number => isIn(moment, days) && moment > watching.from
  const promoted = versions().filter(({ promotedAt }) => seen(promotedAt))
  const initial = truth.filter(({ champion }) => truthAt(champion, watching.from, null) !== null)

  it('has nothing happen at its edges, so that the answers are known', () => {
    for (const edge of [NOW - days * DAY, watching.from]) {
      for (const { champion, served, state } of truth) {
        const near = [...champion, ...served, ...state].filter(({ at }) => Math.abs(at - edge) < HOUR)
        expect(near).toEqual([])
      }
    }
  })

  it('tell the stages that tools remember', () => {
    const ended = (end: 'runStartedAt' | 'runEndedAt' | 'registeredAt', start: keyof TrueVersion) =>
      versions().flatMap((one) => (isIn(one[end], days) ? [(one[end] - Number(one[start])) / 1_000] : []))
    expectLike(stage('INTEGRATION'), ended('runStartedAt', 'committedAt'))
    expectLike(stage('TRAINING'), ended('runEndedAt', 'runStartedAt'))
    expectLike(stage('REGISTRATION'), ended('registeredAt', 'runEndedAt'))
  })

  it('tell the stages that only an observer knows, with those it cannot know counted', () => {
    expectLike(
      stage('VALIDATION'),
      promoted.map((one) => (Number(one.promotedAt) - one.registeredAt) / 1_000),
    )
    const served = versions().filter(({ servedAt }) => seen(servedAt))
    const known = served.filter(({ promotedAt }) => Number(promotedAt) > watching.from)
    expectLike(
      stage('DEPLOYMENT'),
      known.map((one) => (Number(one.servedAt) - Number(one.promotedAt)) / 1_000),
    )

    const waiting = truth.flatMap((model) =>
      model.versions.filter((one) => one.promotedAt === null && !overtaken(model, one)),
    )
    const before = hidden ? versions(initial).filter((one) => isFirst(one)) : []
    expect(stage('VALIDATION').censored).toBe(waiting.length + before.length)
  })

  /** Whether a version was in production when somebody first looked. */
  const isFirst = (version: TrueVersion) =>
    truth.some((model) => truthAt(model.champion, watching.from, null) === version.id)

  it('tell the whole time from the run to production', () => {
    expectLike(
      figures.totalLeadTimeSeconds,
      promoted.map((one) => (Number(one.promotedAt) - one.runStartedAt) / 1_000),
    )
  })

  it('tell how often models are deployed, and how often that fails', () => {
    // A version that was there at the first look and went is no deployment, nor is one that was rolled back to.
    const span = Math.min(NOW - watching.from, days * DAY) / (7 * DAY)
    expect(figures.deploymentsPerWeek).toBeCloseTo(promoted.length / span, 1)

    const failed = promoted.filter((one) =>
      [one.brokeAt, one.rolledBackAt].some((at) => at !== null && at - Number(one.promotedAt) <= 7 * DAY),
    )
    const undecided = promoted.filter((one) => !failed.includes(one) && Number(one.promotedAt) + 7 * DAY > NOW)
    expect(failed.length).toBeGreaterThan(20)
    expect(figures.changeFailRate).toEqual({
      value: failed.length / (promoted.length - undecided.length),
      numerator: failed.length,
      denominator: promoted.length - undecided.length,
      censored: undecided.length,
    })
  })

  it('tell how long it takes to be well again', () => {
    const troubles = versions().filter(
      ({ wellAgainAt, brokeAt }) => seen(wellAgainAt) && Number(brokeAt) > watching.from,
    )
    expectLike(
      figures.timeToRestoreSeconds,
      troubles.map((one) => (Number(one.wellAgainAt) - Number(one.brokeAt)) / 1_000),
    )
    const open = versions().filter(({ brokeAt, wellAgainAt }) => brokeAt !== null && wellAgainAt === null)
    expect(figures.timeToRestoreSeconds.censored).toBe(open.length)
  })

  it('tell how old models are and how often they are trained', () => {
    const champions = truth.flatMap(({ champion, versions: all }) =>
      all.filter(({ id }) => id === champion.at(-1)?.value),
    )
    expectLike(
      figures.modelAgeSeconds,
      champions.map(({ runEndedAt }) => (NOW - runEndedAt) / 1_000),
    )
    const gaps = truth.flatMap(({ versions: all }) =>
      all.flatMap(({ runEndedAt }, i) => {
        const before = all[i - 1]
        return before && isIn(runEndedAt, days) ? [(runEndedAt - before.runEndedAt) / 1_000] : []
      }),
    )
    expectLike(figures.retrainingGapSeconds, gaps)
  })

  it('tell how many models ever reached production', () => {
    const reached = truth.filter(({ champion }) => champion.length > 0).length
    expect(figures.productionShare).toMatchObject({ numerator: reached, denominator: truth.length, censored: 0 })
  })
})

describe('an observer that was away', () => {
  const outages = [
    [NOW - 400 * DAY, NOW - 390 * DAY],
    [NOW - 200 * DAY, NOW - 185 * DAY],
    [NOW - 60 * DAY, NOW - 58 * DAY],
  ] as const
  const models = watched({ ...watching, outages }, 2)

  it('invents nothing, and says how late it may have seen what it saw', () => {
    let late = 0
    for (const [i, { facts, history }] of models.entries()) {
      for (const facts_ of facts.versions) {
        const real = truth[i]?.versions.find(({ id }) => id === facts_.id)
        const promoted = wayOf(facts_, facts, history).promoted
        if (!promoted) continue
        expect(real?.promotedAt).not.toBeNull()
        if (promoted.at === null) continue
        const period = history.champion.find(({ value }) => value === facts_.id)
        expect(Number(real?.promotedAt)).toBeLessThanOrEqual(promoted.at)
        expect(Number(real?.promotedAt)).toBeGreaterThanOrEqual(Number(period?.notBefore))
        if (promoted.at - Number(real?.promotedAt) > 2 * HOUR) late++
      }
      const moves = history.champion.filter(({ initial }) => !initial).length
      expect(moves).toBeLessThanOrEqual(truth[i]?.champion.length ?? 0)
    }
    expect(late).toBeGreaterThan(3)
  })

  it('knows what was in production at a moment, or says that it does not', () => {
    const { below } = chance(99)
    const edges = [watching.from, ...outages.flat(), NOW - HOUR]
    const spans = edges.flatMap((from, i) => (i % 2 === 0 ? [[from, edges[i + 1] ?? from] as const] : []))
    const looked = { champion: spans, served: spans }
    let unknown = 0
    for (let n = 0; n < 4_000; n++) {
      const i = below(truth.length)
      const [model, real] = [models[i], truth[i]]
      if (!model || !real) continue
      const moment = NOW - below(730 * DAY)
      const told = productionAt(model.history, moment, looked)
      if (moment < watching.from) {
        expect(told).toMatchObject({ known: false, version: null, served: null })
        continue
      }
      if (told.known) expect(told.version).toBe(truthAt(real.champion, moment, null))
      if (told.served) expect(told.served).toEqual(truthAt(real.served, moment, []))
      if (told.known) continue
      unknown++
      // Only where a change was seen late: within a look, or an outage.
      const hidden = outages.some(([start, end]) => moment > start - HOUR && moment < end + HOUR)
      const near = real.champion.some(({ at }) => Math.abs(at - moment) < HOUR)
      expect(hidden || near || moment > NOW - HOUR).toBe(true)
    }
    expect(unknown).toBeGreaterThan(5)
  })

  it('does not know what it has not looked at since', () => {
    const [model] = models
    if (!model) return expect.fail()
    const looked = { champion: [[watching.from, NOW - DAY]] as const, served: [] }
    expect(productionAt(model.history, NOW - DAY, looked)).toMatchObject({ known: true, served: null })
    expect(productionAt(model.history, NOW, looked)).toMatchObject({ known: false, version: null })
  })
})

describe('versions that wait', () => {
  it('are those that no later one has overtaken, with the stage they wait for', () => {
    const stalled = stalledOf(watched(watching), 10, NOW)
    const expected = truth.flatMap((model) =>
      model.versions
        .filter((one) => one.promotedAt === null && !overtaken(model, one) && one.registeredAt < NOW - 10 * DAY)
        .map(({ id }) => id),
    )
    expect(expected.length).toBeGreaterThan(3)
    const waitingToBeServed = stalled.filter(({ stage }) => stage === 'DEPLOYMENT')
    expect(
      stalled
        .filter(({ stage }) => stage === 'VALIDATION')
        .map(({ version }) => version)
        .sort(),
    ).toEqual(expected.sort())
    expect(waitingToBeServed).toEqual([])
  })
})

describe('quantile', () => {
  it('lies between neighbours', () => {
    expect(quantile([], 0.5)).toBeNull()
    expect(quantile([3], 0.9)).toBe(3)
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 0.9)).toBe(100)
  })
})
