import type { Incomplete } from '#lib/common.generated.ts'
import { bySortKeys, type SortKey } from '#lib/order.ts'
import type { Judgement, Rule } from '#lib/rules/rule.ts'
import type { Finding, HealthStatus } from './schema.generated.ts'

/** What all rules say of one thing. */
export interface HealthRecord {
  readonly subject: string
  readonly status: HealthStatus
  readonly summary: string
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly asOf: string
  readonly incomplete: readonly Incomplete[]
}

/** A rule and what it says. */
export interface Judged extends Judgement {
  readonly rule: Rule
}

const outcomes: readonly Finding['outcome'][] = ['FAIL', 'UNKNOWN', 'PASS', 'NOT_APPLICABLE']
const severities: readonly Finding['severity'][] = ['CRITICAL', 'WARNING', 'INFO']

/** Whether something is to be told of it. */
const isBad = (outcome: Finding['outcome']) => outcome === 'FAIL' || outcome === 'UNKNOWN'

/** What findings are ordered by: worst first, then the same way every time. */
export const findingKeys = ({ outcome, severity, subject, rule }: Finding): readonly SortKey[] => [
  isBad(outcome) && severity === 'INFO' ? 1 : isBad(outcome) ? 0 : 2,
  outcomes.indexOf(outcome),
  severities.indexOf(severity),
  subject,
  rule.id,
]

/** Health of a thing from what its rules say. */
export function healthOf(subject: string, judged: readonly Judged[], now: Date): HealthRecord {
  const judgedAt = now.toISOString()
  const findings = judged
    .map(({ rule, asOf, ...judgement }): Finding => {
      return { ...judgement, rule: ruleRecord(rule), subject, severity: rule.severity, asOf: asOf ?? judgedAt }
    })
    .sort((a, b) => bySortKeys(findingKeys(a), findingKeys(b)))
  const readiness = judged.filter(({ rule }) => rule.readiness)
  const status = statusOf(findings, readiness)
  const untold = findings.filter(({ outcome }) => outcome === 'UNKNOWN').flatMap(({ incomplete }) => incomplete)
  return {
    ...{ subject, status, findings, summary: summaryOf(status, findings, readiness) },
    asOf: findings.map(({ asOf }) => asOf).sort()[0] ?? judgedAt,
    incomplete: [
      ...new Map(untold.map((one) => [JSON.stringify([one.source, one.reason, one.message]), one])).values(),
    ],
  }
}

/** A rule as the graph shows it. */
export const ruleRecord = ({
  id,
  title,
  description,
  on,
  severity,
  remedy,
  hash,
  why,
  clauses,
}: Rule): Finding['rule'] => ({
  ...{ id, title, description, severity, remedy, hash, why, clauses },
  appliesTo: on,
})

/** The worst that a rule says; well only where somebody looked whether it is ready. */
function statusOf(findings: readonly Finding[], readiness: readonly Judged[]): HealthStatus {
  const fails = (wanted: Finding['severity']) =>
    findings.some(({ outcome, severity }) => outcome === 'FAIL' && severity === wanted)
  if (fails('CRITICAL')) return 'UNHEALTHY'
  if (fails('WARNING')) return 'DEGRADED'
  if (findings.some(({ outcome, severity }) => outcome === 'UNKNOWN' && severity !== 'INFO')) return 'UNKNOWN'
  return readiness.some(({ outcome }) => outcome === 'PASS') ? 'HEALTHY' : 'NOT_APPLICABLE'
}

function summaryOf(status: HealthStatus, findings: readonly Finding[], readiness: readonly Judged[]): string {
  const count = (wanted: Finding['outcome']) => findings.filter(({ outcome }) => outcome === wanted).length
  const [failed, unknown] = [count('FAIL'), count('UNKNOWN')]
  const [worst] = findings
  // What is good to know does not stand before how it is.
  const bad = worst && isBad(worst.outcome) && worst.severity !== 'INFO' ? worst : undefined
  const moreFail = failed - (bad?.outcome === 'FAIL' ? 1 : 0)
  const moreUnknown = unknown - (bad?.outcome === 'UNKNOWN' ? 1 : 0)
  const more = (outcome: Finding['outcome']) => (bad?.outcome === outcome ? 'more ' : '')
  const parts = [
    bad ? withoutStop(bad.message) : headOf(status, readiness),
    ...(moreFail > 0 ? [`${moreFail} ${more('FAIL')}${moreFail === 1 ? 'fails' : 'fail'}`] : []),
    ...(moreUnknown > 0 ? [`${moreUnknown} ${more('UNKNOWN')}cannot be told`] : []),
    `${failed + count('PASS')} of ${findings.length} rules judged`,
  ]
  return `${parts.join('; ')}.`
}

function headOf(status: HealthStatus, readiness: readonly Judged[]): string {
  if (status === 'HEALTHY') return 'All is well'
  const [untold] = readiness.flatMap(({ incomplete }) => incomplete)
  return untold ? withoutStop(untold.message) : 'Nothing of it is served, so there is nothing to be well'
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '')
