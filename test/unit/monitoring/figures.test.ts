import { describe, expect, it } from 'vitest'
import { figuresOf } from '#services/monitoring/figures.ts'
import { breachedSince } from '#services/monitoring/history.ts'
import type { SignalDefinition, TrafficSeries } from '#services/monitoring/port.ts'

const series = (version: string | null, more: Partial<TrafficSeries> = {}): TrafficSeries => ({
  ...{ version, requestsPerSecond: 4, errorsPerSecond: 1, spent: { seconds: 2, requests: 4 } },
  ...{ p50Seconds: 0.1, p95Seconds: 0.2, p99Seconds: 0.3, ...more },
})
const idle = { requestsPerSecond: 0, errorsPerSecond: 0, spent: { seconds: 0, requests: 0 } }
const nan = { p50Seconds: Number.NaN, p95Seconds: Number.NaN, p99Seconds: Number.NaN }

describe('the numbers of a served model', () => {
  it('are those of its version where every request names one', () => {
    const figures = figuresOf([series('1'), series('2', { requestsPerSecond: 9 })], '1')
    expect(figures).toMatchObject({
      covers: 'VERSION',
      requestsPerSecond: 4,
      errorRatio: 0.25,
      latencyMeanSeconds: 0.5,
    })
    expect(figures).toMatchObject({ latencyP50Seconds: 0.1, latencyP95Seconds: 0.2, latencyP99Seconds: 0.3 })
  })

  it('are those of all versions as soon as requests name none, without quantiles, which do not add up', () => {
    expect(figuresOf([series('1'), series(null)], '1')).toMatchObject({
      ...{ covers: 'MODEL', requestsPerSecond: 8, errorRatio: 0.25, latencyMeanSeconds: 0.5, latencyP95Seconds: null },
    })
    expect(figuresOf([series('1'), series(null, idle)], '1')).toMatchObject({ covers: 'VERSION', requestsPerSecond: 4 })
  })

  it('are those of all versions where the server counts none', () => {
    expect(figuresOf([series(null)], '1')).toMatchObject({ covers: 'MODEL', latencyP95Seconds: 0.2 })
    expect(figuresOf([series(null)], null)).toMatchObject({ covers: 'MODEL' })
    expect(figuresOf([series(null, idle)], '3')).toMatchObject({ covers: 'MODEL', requestsPerSecond: 0 })
  })

  it('are none without data, and zero without requests', () => {
    expect(figuresOf([], '1')).toBeNull()
    expect(figuresOf([series('2')], '1')).toBeNull()
    expect(figuresOf([series('1', { ...idle, ...nan })], '1')).toEqual({
      ...{ covers: 'VERSION', requestsPerSecond: 0, errorRatio: null, latencyMeanSeconds: null },
      ...{ latencyP50Seconds: null, latencyP95Seconds: null, latencyP99Seconds: null },
    })
  })

  it('never hold what JSON has no word for', () => {
    const broken = series('1', { requestsPerSecond: Number.NaN, errorsPerSecond: Infinity, ...nan })
    expect(figuresOf([broken], '1')).toMatchObject({
      requestsPerSecond: null,
      errorRatio: null,
      latencyP50Seconds: null,
    })
  })

  it('say nothing of errors that the server does not count', () => {
    expect(figuresOf([series('1', { errorsPerSecond: null })], '1')?.errorRatio).toBeNull()
  })

  it('never count more failures than requests', () => {
    expect(figuresOf([series('1', { errorsPerSecond: 4.01 })], '1')?.errorRatio).toBe(1)
  })
})

describe('since when a signal is beyond its threshold', () => {
  const definition: SignalDefinition = { name: 'd', kind: 'DATA', unit: null, worse: 'HIGHER', threshold: 0.2 }
  it.each([
    ['all along', [0.3, 0.4], 0],
    ['after it was not', [0.1, 0.3, 0.4], 1],
    ['again', [0.3, 0.1, 0.3], 2],
    ['not any more', [0.3, 0.1], null],
    ['not at the threshold itself', [0.2, 0.2], null],
    ['not while it is no number', [0.3, Number.NaN], null],
    ['never', [], null],
  ])('%s', (_, values, hour) => {
    const found = breachedSince(
      values.map((value, i) => [i * 3_600, value] as const),
      definition,
    )
    expect(found).toBe(hour === null ? null : hour * 3_600_000)
  })

  it('looks the other way where lower is worse, and nowhere without a threshold', () => {
    expect(breachedSince([[0, 0.1]], { ...definition, worse: 'LOWER' })).toBe(0)
    expect(breachedSince([[0, 0.1]], { ...definition, threshold: null })).toBeNull()
  })
})
