import { describe, expect, it } from 'vitest'
import { createScanPicker, type Reported } from '#services/ci/scans.ts'

const reported = (name: string, summary: string | null = null, app: string | null = null): Reported => ({
  ...{ name, app, summary, status: 'SUCCESS', finishedAt: null, webUrl: null },
})

describe('scans among checks', () => {
  it.each([
    ['trivy*', 'trivy / image', true],
    ['trivy*', 'Trivy', true],
    ['trivy*', 'not trivy', false],
    ['*(push)', 'scan (push)', true],
    ['a.b', 'axb', false],
    ['*', 'anything', true],
  ])('of name %j: %j is one: %s', (name, check, isOne) => {
    const pick = createScanPicker([{ name, kind: 'code' }])
    expect(pick([reported(check)]).scans.length === 1).toBe(isOne)
  })

  it.each([
    ['2 critical, 11 high', 2, 11],
    ['Critical: 0 High: 3', 0, 3],
    ['high=1', null, 1],
    ['no critical findings', null, null],
    ['12critical', null, null],
    [null, null, null],
  ])('count what they say: %j', (summary, critical, high) => {
    const pick = createScanPicker([{ name: 'scan', kind: 'dependency' }])
    expect(pick([reported('scan', summary)]).scans).toMatchObject([{ kind: 'DEPENDENCY', critical, high }])
  })

  it('are those of known apps as well, whose titles count what a change brought', () => {
    const pick = createScanPicker([], { scanner: { kind: 'CODE', tool: 'Scanner' } })
    expect(pick([reported('x', '1 new alert including 1 critical', 'scanner'), reported('y', null, 'other')])).toEqual({
      scans: [expect.objectContaining({ name: 'x', tool: 'Scanner', critical: null })],
      gaps: [],
    })
    expect(pick([reported('y', null, '__proto__')])).toMatchObject({ scans: [], gaps: [{ reason: 'UNSUPPORTED' }] })
  })
})
