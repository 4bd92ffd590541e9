import { describe, expect, it } from 'vitest'
import type { GateAnswer } from '#app/gate/answer.ts'
import { gateJunit } from '#app/gate/junit.ts'
import { gateSarif } from '#app/gate/sarif.ts'
import { gateTable } from '#app/gate/table.ts'
import type { Finding } from '#lib/common.generated.ts'
import { readGateSubject } from '#lib/gate-subject.ts'

const finding = (id: string, outcome: Finding['outcome'], more: Partial<Finding> = {}): Finding => ({
  rule: {
    ...{ id, title: `Title of ${id}`, description: 'What.', appliesTo: 'ModelVersion', severity: 'CRITICAL' },
    ...{ why: 'Because.', remedy: 'Do this.', clauses: ['OURS/1'], hash: 'abc' },
  },
  ...{
    subject: 'ModelVersion:m:a:1',
    outcome,
    severity: 'CRITICAL',
    message: `<${id}> & "quotes"\u0000`,
    evidence: [],
  },
  ...{ incomplete: [], asOf: '2026-01-01T00:00:00Z', ...more },
})

const answer: GateAnswer = {
  ...{ subject: 'ModelVersion:m:a:1', decision: 'REFUSED', allowed: false, reason: '1 of 3 policies fails: f.' },
  findings: [
    finding('f', 'FAIL'),
    finding('u', 'UNKNOWN', { incomplete: [{ source: 'git', reason: 'DOWN', message: 'Silence.', count: null }] }),
    finding('i', 'FAIL', { severity: 'INFO' }),
    finding('w', 'WAIVED', { waivedBy: 'rita', waivedUntil: '2026-02-01T00:00:00Z', waivedReason: 'Until spring.' }),
    finding('p', 'PASS'),
    finding('n', 'NOT_APPLICABLE'),
  ],
  ...{ asOf: '2026-01-01T00:00:00Z', judgedAt: '2026-01-01T00:00:01.000Z', recordId: 'r1' },
}

describe('a subject of the gate', () => {
  it.each([
    ['churn@champion', { model: 'churn', at: 'champion' }],
    ['a@b/c "d"@4', { model: 'a@b/c "d"', at: '4' }],
    ['ModelVersion:m:churn:4', { id: 'ModelVersion:m:churn:4' }],
    ['Model:m:a%40b', { id: 'Model:m:a%40b' }],
    ['churn', { problem: expect.stringContaining('<model>@<alias or version>') }],
    ['@4', { problem: expect.any(String) }],
    ['churn@', { problem: expect.any(String) }],
    ['Dataset:s3%3A%2F%2Flake:x', { problem: expect.stringContaining('found a Dataset') }],
  ])('%s', (text, read) => {
    expect(readGateSubject(text)).toEqual(read)
  })
})

describe('the table', () => {
  it('says what decided, why it matters, how to fix it and who is silent', () => {
    const table = gateTable(answer)
    expect(table).toMatch(/FAIL +f .*\n +why: Because\.\n +fix: Do this\./)
    expect(table).toContain('missing: git: DOWN')
    expect(table).toContain('waived by rita until 2026-02-01T00:00:00Z: Until spring.')
    expect(table).toContain('(does not count)')
    expect(table).toContain('1 policy has nothing to judge here.')
  })
})

describe('JUnit', () => {
  const xml = gateJunit('a@1', answer)

  it('counts what it holds', () => {
    expect(xml).toContain('tests="6" failures="1" errors="1" skipped="1"')
    expect(xml.match(/<testcase /g)).toHaveLength(6)
    expect(xml.match(/<failure /g)).toHaveLength(1)
    expect(xml.match(/<error /g)).toHaveLength(1)
    expect(xml.match(/<skipped /g)).toHaveLength(1)
  })

  it('is well-formed whatever stands in a message', () => {
    expect(xml).not.toContain('\u0000')
    expect(xml).toContain('&#60;f&#62; &#38; &#34;quotes&#34;')
    const open = [...xml.matchAll(/<(\/?)([a-z-]+)[^>]*?(\/?)>/g)].reduce<string[]>(
      (stack, [, close, tag = '', self]) => {
        if (close) expect(stack.pop()).toBe(tag)
        else if (!self) stack.push(tag)
        return stack
      },
      [],
    )
    expect(open).toEqual([])
  })

  it('has an error where nothing was judged', () => {
    expect(gateJunit('a@1', { problem: 'No gateway.' })).toContain('<error message="No gateway." type="UNDECIDED"/>')
    expect(gateJunit('a@1', { ...answer, decision: 'UNDECIDED', findings: [] })).toContain('errors="1"')
  })
})

describe('SARIF', () => {
  interface Sarif {
    version: string
    runs: {
      tool: { driver: { rules: { id: string }[] } }
      invocations: { executionSuccessful: boolean }[]
      results: { ruleId: string; ruleIndex: number; kind: string; level: string; suppressions?: object[] }[]
    }[]
  }
  const sarif = gateSarif(answer) as Sarif
  const [run] = sarif.runs

  it('has a result for each finding, with a level where it is a failure only', () => {
    expect(sarif.version).toBe('2.1.0')
    expect(run?.results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
      ['f', 'fail', 'error'],
      ['u', 'open', 'none'],
      ['i', 'fail', 'note'],
      ['w', 'fail', 'error'],
      ['p', 'pass', 'none'],
      ['n', 'notApplicable', 'none'],
    ])
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(run?.results.flatMap(({ suppressions }) => suppressions ?? [])).toEqual([
      { kind: 'external', status: 'accepted', justification: 'Until spring. (rita, until 2026-02-01T00:00:00Z)' },
    ])
  })

  it('is no success where it could not be judged', () => {
    const [asked] = (gateSarif({ problem: 'No gateway.' }) as Sarif).runs
    expect(asked?.invocations).toMatchObject([{ executionSuccessful: false }])
  })
})
