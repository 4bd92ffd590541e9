import { styleText } from 'node:util'
import type { Finding } from '#lib/common.generated.ts'
import { type GateAnswer, keepsShut } from './answer.ts'

const colours = { ALLOWED: 'green', REFUSED: 'red', UNDECIDED: 'yellow' } as const

/** The decision for people: what decided first, why, and how to put it right. */
export function gateTable({ subject, decision, reason, findings, asOf, recordId }: GateAnswer): string {
  const width = Math.max(0, ...findings.map(({ rule }) => rule.id.length))
  const lines = findings
    .filter(({ outcome }) => outcome !== 'NOT_APPLICABLE')
    .flatMap((finding) => linesOf(finding, width))
  const skipped = findings.filter(({ outcome }) => outcome === 'NOT_APPLICABLE').length
  return [
    `${styleText(colours[decision], decision)}  ${subject}`,
    reason,
    '',
    ...lines,
    ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? 'policy has' : 'policies have'} nothing to judge here.`] : []),
    `Facts as of ${asOf}${recordId ? `; recorded as ${recordId}` : ''}.`,
  ].join('\n')
}

function linesOf(finding: Finding, width: number): string[] {
  const { outcome, rule, message, severity, waivedBy, waivedUntil, waivedReason } = finding
  const counts = severity === 'INFO' && outcome !== 'PASS' ? ' (does not count)' : ''
  const head = `${outcome.padEnd(8)}${rule.id.padEnd(width + 2)}${outcome === 'PASS' ? rule.title : message}${counts}`
  const indent = ' '.repeat(8 + width + 2)
  if (outcome === 'WAIVED') return [head, `${indent}waived by ${waivedBy} until ${waivedUntil}: ${waivedReason}`]
  if (!keepsShut(finding)) return [head]
  const silent = finding.incomplete.map(({ source, reason }) => `${source ?? 'a source'}: ${reason}`)
  return [
    head,
    ...(rule.why ? [`${indent}why: ${rule.why}`] : []),
    ...(rule.remedy ? [`${indent}fix: ${rule.remedy}`] : []),
    ...(silent.length > 0 ? [`${indent}missing: ${[...new Set(silent)].join(', ')}`] : []),
  ]
}
