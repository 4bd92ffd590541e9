import { describe, expect, it } from 'vitest'
import { presets } from '#services/monitoring/prometheus/presets.ts'
import { saturationOf, seriesByModel } from '#services/monitoring/prometheus/series.ts'
import type { Point } from '#services/monitoring/prometheus/wire.ts'

const point = (key: string, value: number, more: Record<string, string> = {}): Point => ({
  ...{ at: 0, value, labels: { ...more, __q: key } },
})

describe('how full a server is', () => {
  it('is the fullest of what it tells of itself, for all its models', () => {
    const points = [point('saturation0', 0.64), point('saturation1', 0.2)]
    expect(saturationOf(points, presets.triton, 'iris')).toBe(0.64)
    expect(saturationOf([point('saturation1', 35)], presets.torchserve, 'iris')).toBe(0.35)
  })

  it('is that of the model where each has its own', () => {
    const points = [point('saturation0', 0.42, { model_name: 'a' }), point('saturation0', 0.9, { model_name: 'b' })]
    expect(saturationOf(points, presets.vllm, 'a')).toBe(0.42)
    expect(saturationOf(points, presets.vllm, 'c')).toBeNull()
  })

  it('is not known where nothing is told, or no number', () => {
    expect(saturationOf([], presets.triton, 'iris')).toBeNull()
    expect(saturationOf([point('saturation0', Number.NaN)], presets.triton, 'iris')).toBeNull()
    expect(saturationOf([point('saturation0', 0.5)], presets.kserve, 'iris')).toBeNull()
  })

  it('never is above 1', () => {
    expect(saturationOf([point('saturation1', 104)], presets.torchserve, 'iris')).toBe(1)
  })

  it('is no traffic', () => {
    expect(seriesByModel([point('saturation0', 0.42, { model_name: 'a' })], presets.vllm).size).toBe(0)
  })
})
