import { describe, expect, it } from 'vitest'
import type { Finding } from '#lib/common.generated.ts'
import { complianceOf } from '#services/governance/judged/compliance.ts'
import { gateResult, withoutOld } from '#services/governance/judged/gate.ts'
import { reviewOf } from '#services/governance/judged/review.ts'
import { riskOf, tierOf } from '#services/governance/judged/risk.ts'
import type { Waiver } from '#services/governance/judged/statements.ts'
import { withWaivers, withWaiversUnknown } from '#services/governance/judged/waived.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const VERSION = 'ModelVersion:m:churn:4'

function finding(id: string, outcome: Finding['outcome'], more: Partial<Finding> = {}): Finding {
  const rule = {
    id,
    title: id,
    description: id,
    appliesTo: 'ModelVersion',
    clauses: [],
    hash: 'h',
    severity: 'WARNING' as const,
  }
  return {
    ...{ rule, outcome, subject: VERSION, severity: 'WARNING', message: `${id} is ${outcome}.`, evidence: [] },
    ...{ incomplete: [], asOf: '2025-12-31T00:00:00Z', ...more },
  }
}

const silent = { source: 's', reason: 'DOWN' as const, message: 'Silence.', count: null }
const statusOf = (findings: Finding[], unjudged: (typeof silent)[] = []) => complianceOf(findings, unjudged, NOW).status

describe('compliance', () => {
  it('is the worst that a policy says', () => {
    expect(statusOf([finding('a', 'PASS')])).toBe('COMPLIANT')
    expect(statusOf([finding('a', 'PASS'), finding('b', 'WAIVED')])).toBe('COMPLIANT_WITH_WAIVERS')
    expect(statusOf([finding('a', 'WAIVED'), finding('b', 'UNKNOWN')])).toBe('UNKNOWN')
    expect(statusOf([finding('a', 'UNKNOWN'), finding('b', 'FAIL')])).toBe('NON_COMPLIANT')
  })

  it('is UNKNOWN where nothing was judged, or more should have been', () => {
    expect(statusOf([])).toBe('UNKNOWN')
    expect(statusOf([finding('a', 'NOT_APPLICABLE')])).toBe('UNKNOWN')
    expect(statusOf([finding('a', 'PASS', { severity: 'INFO' })])).toBe('UNKNOWN')
    expect(statusOf([finding('a', 'PASS')], [silent])).toBe('UNKNOWN')
  })

  it('does not count what is only good to know', () => {
    expect(statusOf([finding('a', 'PASS'), finding('b', 'FAIL', { severity: 'INFO' })])).toBe('COMPLIANT')
    expect(statusOf([finding('a', 'PASS'), finding('b', 'UNKNOWN', { severity: 'INFO' })])).toBe('COMPLIANT')
  })
})

describe('waivers', () => {
  const waiver = (more: Partial<Waiver> = {}): Waiver => {
    return {
      subject: VERSION,
      policy: 'a',
      by: 'rita',
      reason: 'Until spring.',
      expiresAt: '2026-02-01T00:00:00Z',
      ...more,
    }
  }
  const outcomeOf = (one: Finding, waivers: Waiver[]) => withWaivers([one], waivers, NOW)[0]?.outcome

  it('lift what fails or cannot be told, and say who, why and until when', () => {
    expect(withWaivers([finding('a', 'FAIL')], [waiver()], NOW)[0]).toMatchObject({
      ...{ outcome: 'WAIVED', message: 'a is FAIL.', waivedBy: 'rita', waivedReason: 'Until spring.' },
      waivedUntil: '2026-02-01T00:00:00Z',
    })
    expect(outcomeOf(finding('a', 'UNKNOWN'), [waiver()])).toBe('WAIVED')
    expect(outcomeOf(finding('a', 'PASS'), [waiver()])).toBe('PASS')
  })

  it('lift nothing once they expire, of another policy, or of another thing', () => {
    expect(outcomeOf(finding('a', 'FAIL'), [waiver({ expiresAt: NOW.toISOString() })])).toBe('FAIL')
    expect(outcomeOf(finding('a', 'FAIL'), [waiver({ policy: 'b' })])).toBe('FAIL')
    expect(outcomeOf(finding('a', 'FAIL'), [waiver({ subject: 'ModelVersion:m:churn:5' })])).toBe('FAIL')
  })

  it('on a model count for its versions, and the longest one is told', () => {
    const on = waiver({ subject: 'Model:m:churn', expiresAt: '2026-03-01T00:00:00Z' })
    expect(withWaivers([finding('a', 'FAIL')], [waiver(), on], NOW)[0]?.waivedUntil).toBe('2026-03-01T00:00:00Z')
  })
})

describe('the gate', () => {
  const decision = (...findings: Finding[]) => gateResult(VERSION, findings, [], NOW).decision

  it('opens only where something applies and nothing is open', () => {
    expect(decision(finding('a', 'PASS'), finding('b', 'WAIVED'))).toBe('ALLOWED')
    expect(decision(finding('a', 'PASS'), finding('b', 'FAIL'), finding('c', 'UNKNOWN'))).toBe('REFUSED')
    expect(decision(finding('a', 'PASS'), finding('c', 'UNKNOWN'))).toBe('UNDECIDED')
    expect(decision(finding('a', 'NOT_APPLICABLE'))).toBe('UNDECIDED')
    expect(decision()).toBe('UNDECIDED')
    expect(gateResult(VERSION, [finding('a', 'PASS')], [silent], NOW)).toMatchObject({
      ...{ decision: 'UNDECIDED', allowed: false, reason: 'Silence.' },
    })
  })
})

describe('the risk tier', () => {
  const SCALE = ['HIGH', 'MEDIUM', 'LOW']
  const proposal = (tier: string | null, atLeast = tier) => {
    return { frameworks: [], tier, atLeast, evidence: 'EU-AI-ACT: by its domain.', incomplete: [] }
  }
  const decided = (statement: string, more: object = {}) => ({
    ...{ id: 'Attestation:1', subject: 'Model:m:churn', kind: 'RISK_TIER', statement, by: 'rita' },
    ...{ at: '2025-12-01T00:00:00Z', expiresAt: null, ...more },
  })
  const risk = (of: ReturnType<typeof proposal>, ...statements: ReturnType<typeof decided>[]) =>
    riskOf(of, { statements, incomplete: [] }, SCALE, NOW)

  it('is what a person decided, else what is proposed', () => {
    expect(risk(proposal('HIGH'))).toMatchObject({ tier: 'HIGH', decided: false, overtaken: null })
    expect(risk(proposal('LOW'), decided('Medium: some data'))).toMatchObject({ tier: 'MEDIUM', overtaken: false })
  })

  it('is said to be overtaken where something stricter is proposed by now', () => {
    expect(risk(proposal('HIGH'), decided('LOW'))).toMatchObject({ tier: 'LOW', overtaken: true })
    expect(risk(proposal(null, 'MEDIUM'), decided('LOW'))).toMatchObject({ tier: 'LOW', overtaken: true })
    expect(risk(proposal(null), decided('LOW'))).toMatchObject({ tier: 'LOW', overtaken: null })
    expect(risk(proposal(null), decided('HIGH'))).toMatchObject({ tier: 'HIGH', overtaken: false })
  })

  it('leaves out decisions that expired or name no tier', () => {
    expect(risk(proposal('HIGH'), decided('LOW', { expiresAt: '2025-12-31T00:00:00Z' }))).toMatchObject({
      tier: 'HIGH',
      decided: false,
    })
    expect(risk(proposal('HIGH'), decided('quite low')).incomplete).toMatchObject([{ reason: 'UNMATCHED' }])
  })

  it('is not known while decisions cannot be read', () => {
    const unread = riskOf(proposal('LOW'), { statements: [], incomplete: [silent] }, SCALE, NOW)
    expect(unread).toMatchObject({ tier: null, decided: null, proposedTier: 'LOW', incomplete: [silent] })
  })

  it('is the first word of the statement, whatever its case', () => {
    expect(tierOf('high, since it lends', SCALE)).toBe('HIGH')
    expect(tierOf('HIGHER', SCALE)).toBeUndefined()
    expect(tierOf('HIGH-RISK: lends', ['HIGH', 'HIGH-RISK'])).toBe('HIGH-RISK')
  })
})

describe('reviews', () => {
  const CADENCE = [{ tier: 'HIGH', everyDays: 180 }]
  const at = (at: string, expiresAt: string | null = null) => [
    { id: '1', subject: 'Model:m:churn', kind: 'REVIEW', statement: '', by: 'vera', at, expiresAt },
  ]
  const state = (tier: string | null, statements: ReturnType<typeof at>) =>
    reviewOf({ tier, incomplete: [] }, statements, CADENCE, NOW)

  it('are due by the tier, counted from the last', () => {
    expect(state('HIGH', at('2025-12-01T00:00:00Z'))).toMatchObject({
      state: 'CURRENT',
      dueAt: '2026-05-30T00:00:00.000Z',
    })
    expect(state('HIGH', at('2025-01-01T00:00:00Z'))).toMatchObject({ state: 'OVERDUE' })
    expect(state('HIGH', at('2025-12-01T00:00:00Z', '2025-12-31T00:00:00Z'))).toMatchObject({ state: 'OVERDUE' })
    expect(state('HIGH', [])).toMatchObject({ state: 'NEVER_REVIEWED', dueAt: null })
    expect(state('LOW', [])).toMatchObject({ state: 'NOT_REQUIRED' })
    expect(state(null, [])).toMatchObject({ state: 'UNKNOWN' })
  })
})

describe('what cannot be read', () => {
  const why = { source: null, reason: 'DOWN', message: 'no state', count: null } as const
  it('of waivers leaves open whether what fails is waived, and is laid over nothing that holds', () => {
    const [fails, holds] = [finding('a', 'FAIL'), finding('b', 'PASS')]
    const laid = withWaiversUnknown([fails, holds], [why])
    expect(laid.find(({ rule }) => rule.id === 'b')).toEqual(holds)
    expect(laid.find(({ rule }) => rule.id === 'a')).toMatchObject({
      ...{ outcome: 'UNKNOWN', incomplete: [...fails.incomplete, why] },
      message: `${fails.message} Whether that is waived cannot be told.`,
    })
    expect(gateResult('x', laid, [], NOW).decision).toBe('UNDECIDED')
  })

  it('anew of a source opens no gate, and closes none that fails anyway', () => {
    const old = { asOf: new Date(NOW.getTime() - 3_600_000).toISOString() }
    const since = new Date(NOW.getTime() - 60_000)
    const of = (outcome: Finding['outcome']) => withoutOld([{ ...finding('a', outcome), ...old }], since)[0]?.outcome
    expect([of('PASS'), of('NOT_APPLICABLE'), of('FAIL'), of('WAIVED')]).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'FAIL',
      'WAIVED',
    ])
    const fresh = { ...finding('a', 'PASS'), asOf: NOW.toISOString() }
    expect(withoutOld([fresh], since)).toEqual([fresh])
  })
})
