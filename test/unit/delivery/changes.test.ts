import { describe, expect, it } from 'vitest'
import { changesIn, judgementChanges, newVersions } from '#services/delivery/changes.ts'
import { deploymentsOf } from '#services/delivery/deployments.ts'
import { createObservationIndex, historyOf } from '#services/delivery/history.ts'
import { periodsOf } from '#services/delivery/periods.ts'
import type { ObservationKind, ObservationRecord } from '#services/delivery/port.ts'
import type { Seen, SeenModel } from '#services/delivery/seen.ts'
import { lookedAgain } from '#services/delivery/spans.ts'

const MODEL = 'Model:r:churn'
const version = (number: number) => `ModelVersion:r:churn:${number}`
const ENDPOINT = 'Endpoint:s:server'

let sequence = 0
const seen = (kind: ObservationKind, at: number, more: Partial<ObservationRecord> = {}): ObservationRecord => ({
  ...{ id: `seen-${at}-${sequence}`, sequence: sequence++, at, kind, subject: MODEL, models: [MODEL], versions: [] },
  ...{ before: null, after: null, by: null, source: 'r', precisionSeconds: 10, initial: false, backfilled: false },
  ...more,
})
const champion = (at: number, number: number | null, more: Partial<ObservationRecord> = {}) =>
  seen('CHAMPION_CHANGED', at, {
    versions: number === null ? [] : [version(number)],
    after: number === null ? null : String(number),
    ...more,
  })

function known(observations: readonly ObservationRecord[], looks: Record<string, [number, number][]> = {}) {
  const index = createObservationIndex()
  index.add(observations)
  return { index, looks }
}

const model = (more: Partial<SeenModel> = {}): SeenModel => ({
  ...{ id: MODEL, source: 'r', at: 100_000, champion: version(1), latestVersion: version(1), served: [version(1)] },
  ...{ servedByAll: true, endpoints: [ENDPOINT], ...more },
})
const look = (more: Partial<Seen> = {}): Seen => ({
  ...{ models: [model()], endpoints: [{ id: ENDPOINT, source: 's', at: 99_000, state: 'READY' }] },
  ...{ servedAt: 99_000, silent: { registries: new Set<string>(), servers: new Set<string>() }, ...more },
})

describe('what a look shows', () => {
  it('is found at the first look, and no change', () => {
    expect(changesIn(look(), 101_000, known([])).map(({ observation }) => observation)).toEqual([
      expect.objectContaining({ kind: 'CHAMPION_CHANGED', at: 100_000, initial: true, precisionSeconds: null }),
      expect.objectContaining({ kind: 'SERVED_CHANGED', at: 101_000, initial: true, versions: [version(1)] }),
      expect.objectContaining({ kind: 'STATE_CHANGED', at: 99_000, initial: true, models: [MODEL] }),
    ])
  })

  it('of a model that is new where its registry was looked at before is a change', () => {
    const looks = { 'champion:r': [[0, 70_000]] as [number, number][] }
    const [change] = changesIn(look(), 101_000, known([], looks))
    expect(change?.observation).toMatchObject({ initial: false, before: null, after: '1', precisionSeconds: 30 })
  })

  it('is a change where it is another, with the time since the last look', () => {
    const before = champion(50_000, 2)
    const looks = { 'champion:r': [[0, 90_000]] as [number, number][] }
    const [change] = changesIn(look(), 101_000, known([before], looks))
    expect(change).toEqual({
      before: before.id,
      observation: expect.objectContaining({ before: '2', after: '1', at: 100_000, precisionSeconds: 10 }),
    })
  })

  it('says nothing where it was read before what is known', () => {
    const later = known([champion(100_000, 2)])
    expect(changesIn(look({ endpoints: [] }), 101_000, later).map(({ observation }) => observation.kind)).toEqual([
      'SERVED_CHANGED',
    ])
    const looked = known([champion(50_000, 2)], { 'champion:r': [[0, 100_500]] })
    expect(changesIn(look({ endpoints: [] }), 101_000, looked)).toHaveLength(1)
  })

  it('of servers that do not all answer can only be more', () => {
    const served = (numbers: number[]) =>
      seen('SERVED_CHANGED', 50_000, { versions: numbers.map(version), after: numbers.join(', ') })
    const changesWith = (numbers: number[], now: number[]) =>
      changesIn(
        look({ models: [model({ champion: null, servedByAll: false, served: now.map(version) })], endpoints: [] }),
        101_000,
        known([champion(1, null), served(numbers)]),
      ).map(({ observation }) => observation.after)
    expect(changesWith([1, 2], [1])).toEqual([])
    expect(changesWith([1], [2])).toEqual(['1, 2'])
  })

  it('is nothing where the state of an endpoint, or health, is not known', () => {
    const endpoints = [{ id: ENDPOINT, source: 's', at: 99_000, state: 'UNKNOWN' }]
    const found = changesIn(look({ endpoints }), 101_000, known([]))
    expect(found.map(({ observation }) => observation.kind)).not.toContain('STATE_CHANGED')
  })

  it('of health counts from when it was last known', () => {
    const index = createObservationIndex()
    index.add([seen('HEALTH_CHANGED', 10_000, { after: 'HEALTHY' })])
    const now = [{ kind: 'HEALTH_CHANGED', id: MODEL, status: 'UNHEALTHY' }] as const
    const late = judgementChanges(now, 100_000, new Map(), index)
    expect(late[0]?.observation).toMatchObject({ before: 'HEALTHY', after: 'UNHEALTHY', precisionSeconds: 90 })
    const soon = judgementChanges(now, 100_000, new Map([[`HEALTH_CHANGED ${MODEL}`, 95_000]]), index)
    expect(soon[0]?.observation.precisionSeconds).toBe(5)
  })

  it('of versions is when the registry remembers it', () => {
    const one = { id: version(1), version: '1', model: MODEL, source: 'r', createdBy: 'ann' }
    const looks = { 'champion:r': [[0, 90_000]] as [number, number][] }
    const at = (createdAt: number | null, kept = known([], looks)) =>
      newVersions([{ ...one, createdAt }], 100_000, kept)[0]?.observation
    expect(at(80_000)).toMatchObject({ at: 80_000, backfilled: true, precisionSeconds: 0, initial: false, by: 'ann' })
    expect(at(95_000)).toMatchObject({ at: 95_000, backfilled: false, precisionSeconds: 0 })
    expect(at(null)).toMatchObject({ at: 100_000, backfilled: false, precisionSeconds: 10 })
    expect(at(null, known([]))).toMatchObject({ initial: true, precisionSeconds: null })
  })
})

describe('periods', () => {
  const of = (observations: ObservationRecord[]) => periodsOf(observations, ({ after }) => after)

  it('take a change that was seen twice for one, which happened when both can have seen it', () => {
    const periods = of([
      champion(0, 1, { initial: true, precisionSeconds: null }),
      champion(100_000, 2, { precisionSeconds: 60 }),
      champion(120_000, 2, { precisionSeconds: 50 }),
    ])
    expect(periods).toMatchObject([
      { value: '1', initial: true, notBefore: null, surelyUntil: 70_000, until: 100_000 },
      { value: '2', since: 100_000, notBefore: 70_000, until: null },
    ])
  })

  it('take what was found at a first look after others for a change since the last observation', () => {
    const periods = of([champion(0, 1), champion(90_000, 2, { initial: true, precisionSeconds: null })])
    expect(periods[1]).toMatchObject({ value: '2', initial: false, notBefore: 0 })
  })
})

describe('deployments', () => {
  const deployed = (observations: ObservationRecord[]) => deploymentsOf(historyOf(MODEL, observations))
  const first = champion(0, 1, { initial: true, precisionSeconds: null })

  it('are versions that were not there before: not what was found, nor gone back to, nor gone on with', () => {
    const moves = [first, champion(10, 2), champion(20, 1), champion(30, 2), champion(40, 3)]
    expect(deployed(moves)).toEqual([
      { version: version(2), at: 10, failedAt: 20 },
      { version: version(3), at: 40, failedAt: null },
    ])
  })

  it('are one where a version is declared and then served, or served and then declared', () => {
    const served = (at: number, ...numbers: number[]) =>
      seen('SERVED_CHANGED', at, { versions: numbers.map(version), after: numbers.join() })
    expect(deployed([first, champion(10, 2), served(20, 2)])).toHaveLength(1)
    expect(deployed([first, served(5, 2), champion(10, 2)])).toEqual([{ version: version(2), at: 5, failedAt: null }])
    // Declared still, but servers went back.
    const back = [first, { ...served(1, 1), initial: true }, champion(10, 2), served(12, 2), served(15, 1)]
    expect(deployed(back)).toEqual([{ version: version(2), at: 10, failedAt: 15 }])
  })

  it('fail by trouble that begins after them, not by what goes on', () => {
    const state = (at: number, after: string, more: Partial<ObservationRecord> = {}) =>
      seen('STATE_CHANGED', at, { subject: ENDPOINT, after, ...more })
    const goesOn = [
      first,
      state(1, 'READY', { initial: true }),
      state(5, 'NOT_READY'),
      champion(10, 2),
      state(20, 'READY'),
    ]
    expect(deployed(goesOn)).toEqual([{ version: version(2), at: 10, failedAt: null }])
    expect(deployed([...goesOn, state(30, 'NOT_READY')])).toEqual([{ version: version(2), at: 10, failedAt: 30 }])
    // The endpoint serves another model by then.
    expect(deployed([...goesOn, state(30, 'NOT_READY', { models: ['Model:r:other'] })])[0]?.failedAt).toBeNull()
  })
})

describe('spans', () => {
  it('end where nobody looked for long', () => {
    const looks = [10, 20, 35, 80, 90].reduce(
      (spans, at) => lookedAgain(spans, at, 20),
      [] as ReturnType<typeof lookedAgain>,
    )
    expect(looks).toEqual([
      [10, 35],
      [80, 90],
    ])
  })
})
