import { describe, expect, it } from 'vitest'
import { defaultConfig } from '#lib/config/load.ts'
import { tryRule } from '#lib/rules/try.ts'
import { loadGovernance } from '#services/governance/judged/load.ts'
import { readPack } from '#services/governance/judged/packs.ts'

const governance = loadGovernance(defaultConfig())

/** The twenty-five checks of the design, and the policies that judge them. */
const CHECKS: Readonly<Record<number, readonly string[]>> = {
  1: ['owner-active'],
  2: ['purpose-stated'],
  3: ['risk-tier-decided'],
  4: ['production-serves-champion', 'endpoint-serves-registered'],
  5: ['version-ready'],
  6: ['run-finished'],
  7: ['commit-recorded'],
  8: ['commit-reviewed'],
  9: ['built-by-ci'],
  10: ['checks-passed'],
  11: ['training-data-recorded'],
  12: ['training-data-known'],
  13: ['upstream-quality-passed'],
  14: ['upstream-in-use'],
  15: ['personal-data-approved'],
  16: ['columns-traced'],
  17: ['signature-recorded'],
  18: ['signature-served'],
  19: ['evaluated-well-enough'],
  20: ['fairness-measured'],
  21: ['independent-validation', 'validated-before-production'],
  22: ['image-scanned'],
  23: ['age-within-limit'],
  24: ['production-healthy', 'drift-monitored'],
  25: ['rollback-ready', 'documentation-current'],
}

describe('the policies and tiering rules that ship', () => {
  it.each(governance.files.map((one) => [one.rule.id, one] as const))('%s passes its tests', (_, { rule, file }) => {
    expect(tryRule(rule, file)).toEqual([])
  })

  it('are the twenty-five checks, and reviews', () => {
    expect(Object.keys(CHECKS)).toHaveLength(25)
    const all = [...Object.values(CHECKS).flat(), 'reviewed-in-time'].sort()
    expect(governance.policies.map(({ id }) => id)).toEqual(all)
  })

  it.each(governance.policies.map((policy) => [policy.id, policy] as const))(
    '%s says why it matters and what to do, and is in a pack',
    (_, { why, remedy, clauses }) => {
      expect(why).toMatch(/\.$/)
      expect(remedy).toMatch(/\.$/)
      expect(clauses.length).toBeGreaterThan(0)
    },
  )

  it('judge each type that has compliance', () => {
    expect(new Set(governance.policies.map(({ on }) => on))).toEqual(new Set(['Model', 'ModelVersion', 'Endpoint']))
  })
})

describe('the packs that ship', () => {
  const packs = new Map(governance.packs.map((pack) => [pack.id, pack]))

  it('are four, each with its source and date', () => {
    expect([...packs.keys()].sort()).toEqual(['EU-AI-ACT', 'ISO-42001', 'NIST-AI-RMF', 'SR-26-2'])
    for (const { source, publishedAt } of packs.values()) {
      expect(source).toMatch(/https:\/\//)
      expect(publishedAt).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
  })

  it('name policies that exist, and say of every other clause that no query can judge it', () => {
    const known = new Set(governance.policies.map(({ id }) => id))
    for (const { clauses } of packs.values()) {
      for (const { policies, notJudged } of clauses) {
        expect(policies.filter((id) => !known.has(id))).toEqual([])
        expect(policies.length > 0 || notJudged).toBeTruthy()
      }
    }
  })

  it('say what SR 26-2 leaves out, and when the duties of the EU AI Act hold', () => {
    expect(packs.get('SR-26-2')?.note).toMatch(/Generative and agentic models are outside/)
    expect(packs.get('EU-AI-ACT')?.note).toMatch(/2 December 2027.*2 August 2028/s)
  })
})

describe('what the configuration adds', () => {
  const settings = (governance: object) => ({
    ...defaultConfig(),
    governance: { ...defaultConfig().governance, ...governance },
  })

  it('can switch off what ships, and nothing that there is not', () => {
    const { policies } = loadGovernance(settings({ without: ['fairness-measured'] }))
    expect(policies.map(({ id }) => id)).not.toContain('fairness-measured')
    expect(() => loadGovernance(settings({ without: ['weather'] }))).toThrow(/governance\.without\[0\]: found weather/)
  })

  it('has to name tiers that there are', () => {
    expect(() => loadGovernance(settings({ tiers: ['A', 'B'] }))).toThrow(
      /tier\.as: found .* expected one of governance\.tiers: A, B/,
    )
    expect(() => loadGovernance(settings({ reviews: [{ tier: 'X', everyDays: 3 }] }))).toThrow(
      /reviews\[0\]\.tier: found X/,
    )
  })
})

describe('a pack', () => {
  const pack = (clause: string) => `id: OURS\ntitle: Ours\nsource: intranet\nclauses:\n  - ${clause}\n`

  it('is refused with a policy that there is not, at its place', () => {
    const read = readPack('ours.yaml', pack('{ id: "1", title: One, policies: [weather] }'), governance.files)
    expect(read).toEqual({
      problems: [{ file: 'ours.yaml', line: 5, column: 39, message: 'found weather, which is no policy' }],
    })
  })

  it('is refused where a clause has neither policies nor a word about that', () => {
    const read = readPack('ours.yaml', pack('{ id: "1", title: One }'), governance.files)
    expect(read).toMatchObject({ problems: [{ message: expect.stringMatching(/expected policies, or notJudged/) }] })
  })
})
