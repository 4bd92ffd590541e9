import type { Finding, Incomplete } from '../common.generated.ts'
import { bySortKeys, type SortKey } from '../order.ts'
import type { Judgement, Rule } from './rule.ts'

/** A rule and what it says. */
export interface Judged extends Judgement {
  readonly rule: Rule
}

const outcomes: readonly Finding['outcome'][] = ['FAIL', 'UNKNOWN', 'WAIVED', 'PASS', 'NOT_APPLICABLE']
const severities: readonly Finding['severity'][] = ['CRITICAL', 'WARNING', 'INFO']

/** Whether something is to be told of it. */
const isBad = ({ outcome }: Finding) => outcome === 'FAIL' || outcome === 'UNKNOWN'

/** Whether it counts against the thing: what is only good to know does not. */
const isDecisive = (finding: Finding): boolean => isBad(finding) && finding.severity !== 'INFO'

/** What findings are ordered by: worst first, then the same way every time. */
export const findingKeys = (finding: Finding): readonly SortKey[] => [
  isBad(finding) ? (isDecisive(finding) ? 0 : 1) : 2,
  outcomes.indexOf(finding.outcome),
  severities.indexOf(finding.severity),
  finding.subject,
  finding.rule.id,
]

/** Worst first. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => bySortKeys(findingKeys(a), findingKeys(b)))

/** What rules say of one thing as findings, worst first. */
export function findingsOf(subject: string, judged: readonly Judged[], now: Date): Finding[] {
  const judgedAt = now.toISOString()
  return worstFirst(
    judged.map(({ rule, asOf, ...judgement }): Finding => {
      return { ...judgement, rule: ruleRecord(rule), subject, severity: rule.severity, asOf: asOf ?? judgedAt }
    }),
  )
}

/** A rule as the graph shows it. */
export const ruleRecord = (rule: Rule): Finding['rule'] => {
  const { id, title, description, on, severity, why, remedy, clauses, hash } = rule
  return { id, title, description, severity, why, remedy, clauses, hash, appliesTo: on }
}

/** When the oldest fact behind some findings was asked for; `otherwise` where there is none. */
export const oldestOf = (findings: readonly Finding[], otherwise: string): string =>
  findings.map(({ asOf }) => asOf).sort()[0] ?? otherwise

/** What was not told and would have decided, each once. */
export function untoldOf(findings: readonly Finding[]): Incomplete[] {
  const untold = findings.filter(({ outcome }) => outcome === 'UNKNOWN').flatMap(({ incomplete }) => incomplete)
  return [...new Map(untold.map((one) => [JSON.stringify([one.source, one.reason, one.message]), one])).values()]
}

/** Findings with an outcome and of a rule; absent: any. */
export const findingsLike = (
  findings: readonly Finding[],
  {
    outcomes: wanted,
    rules,
  }: { outcomes?: readonly string[] | null | undefined; rules?: readonly string[] | null | undefined },
): Finding[] =>
  findings.filter(({ outcome, rule }) => (wanted?.includes(outcome) ?? true) && (rules?.includes(rule.id) ?? true))

/**
 * The worst finding in a sentence, else `well`, with how many more there are and how many of them could be judged; `what`:
 * what rules are called here, in the plural.
 */
export function summaryOf(findings: readonly Finding[], well: string, what: string): string {
  const count = (wanted: Finding['outcome']) => findings.filter(({ outcome }) => outcome === wanted).length
  const [failed, unknown] = [count('FAIL'), count('UNKNOWN')]
  // What is good to know does not stand before how it is.
  const bad = findings[0] && isDecisive(findings[0]) ? findings[0] : undefined
  const moreFail = failed - (bad?.outcome === 'FAIL' ? 1 : 0)
  const moreUnknown = unknown - (bad?.outcome === 'UNKNOWN' ? 1 : 0)
  const more = (outcome: Finding['outcome']) => (bad?.outcome === outcome ? 'more ' : '')
  // What does not count must not look as if it did.
  const only = (count: number) => (bad ? '' : count === 1 ? 'that only informs ' : 'that only inform ')
  const [waived, apart] = [count('WAIVED'), count('NOT_APPLICABLE')]
  const parts = [
    withoutStop(bad ? bad.message : well),
    ...(moreFail > 0 ? [`${moreFail} ${more('FAIL')}${only(moreFail)}${moreFail === 1 ? 'fails' : 'fail'}`] : []),
    ...(moreUnknown > 0 ? [`${moreUnknown} ${more('UNKNOWN')}${only(moreUnknown)}cannot be told`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    apart === findings.length
      ? `no ${what} apply`
      : `${failed + waived + count('PASS')} of ${findings.length - apart} ${what} that apply judged`,
  ]
  return `${parts.join('; ')}.`
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '')
