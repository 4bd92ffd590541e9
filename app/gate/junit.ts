import type { Finding } from '#lib/common.generated.ts'
import { type GateAnswer, type GateProblem, keepsShut } from './answer.ts'

/** The decision as JUnit's XML: a test case for each finding; what fails is a failure, what cannot be told an error. */
export function gateJunit(subject: string, answer: GateAnswer | GateProblem): string {
  if ('problem' in answer) {
    return document(subject, { tests: 1, failures: 0, errors: 1, skipped: 0 }, undefined, [
      `<testcase name="gate" classname="${xml(subject)}"><error message="${xml(answer.problem)}" type="UNDECIDED"/></testcase>`,
    ])
  }
  const { findings, judgedAt } = answer
  const shut = findings.filter(keepsShut)
  const counts = {
    tests: findings.length,
    failures: shut.filter(({ outcome }) => outcome === 'FAIL').length,
    errors: shut.filter(({ outcome }) => outcome === 'UNKNOWN').length,
    skipped: findings.filter(({ outcome }) => outcome === 'NOT_APPLICABLE').length,
  }
  // Nothing failed and nothing was judged: an empty suite would be green.
  if (answer.decision === 'UNDECIDED' && counts.errors === 0) {
    const error = `<testcase name="gate" classname="${xml(subject)}"><error message="${xml(answer.reason)}" type="UNDECIDED"/></testcase>`
    return document(answer.subject, { ...counts, tests: counts.tests + 1, errors: 1 }, judgedAt, [
      ...findings.map(testcase),
      error,
    ])
  }
  return document(answer.subject, counts, judgedAt, findings.map(testcase))
}

function document(
  subject: string,
  counts: Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>>,
  at: string | undefined,
  cases: readonly string[],
): string {
  const numbers = Object.entries(counts).map(([name, count]) => `${name}="${count}"`)
  const { tests, failures, errors } = counts
  const time = at === undefined ? '' : ` timestamp="${at.replace(/\.\d+Z$/, '')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="modelops gate" tests="${tests}" failures="${failures}" errors="${errors}">`,
    `  <testsuite name="${xml(`modelops gate ${subject}`)}" ${numbers.join(' ')} time="0"${time}>`,
    ...cases.map((one) => `    ${one}`),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

function testcase(finding: Finding): string {
  const { outcome, severity, message, subject, rule, waivedBy, waivedUntil, waivedReason } = finding
  const head = `<testcase name="${xml(`${rule.id}: ${rule.title}`)}" classname="${xml(subject)}" time="0">`
  const text = xml([rule.why, rule.remedy].filter(Boolean).join('\n'))
  const said = (words: string) => `${head}<system-out>${xml(words)}</system-out></testcase>`
  if (outcome === 'NOT_APPLICABLE') return `${head}<skipped message="${xml(message)}"/></testcase>`
  if (outcome === 'WAIVED') return said(`${message} Waived by ${waivedBy} until ${waivedUntil}: ${waivedReason}`)
  if (!keepsShut(finding)) return outcome === 'PASS' ? `${head}</testcase>` : said(`${message} It does not count.`)
  const tag = outcome === 'FAIL' ? 'failure' : 'error'
  return `${head}<${tag} message="${xml(message)}" type="${severity}">${text}</${tag}></testcase>`
}

/** Text as XML may hold it, in quotes too; characters that it may not hold at all are left out. */
const xml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
