import type { Incomplete } from '#lib/common.generated.ts'
import { findingsOf, type Judged, oldestOf, summaryOf, untoldOf } from '#lib/rules/finding.ts'
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

/** Health of a thing from what its rules say. */
export function healthOf(subject: string, judged: readonly Judged[], now: Date): HealthRecord {
  const findings = findingsOf(subject, judged, now)
  const readiness = judged.filter(({ rule }) => rule.readiness)
  const status = statusOf(findings, readiness)
  return {
    ...{ subject, status, findings, summary: summaryOf(findings, headOf(status, readiness), 'rules') },
    asOf: oldestOf(findings, now.toISOString()),
    incomplete: untoldOf(findings),
  }
}

/** The worst that a rule says; well only where somebody looked whether it is ready. */
function statusOf(findings: readonly Finding[], readiness: readonly Judged[]): HealthStatus {
  const fails = (wanted: Finding['severity']) =>
    findings.some(({ outcome, severity }) => outcome === 'FAIL' && severity === wanted)
  if (fails('CRITICAL')) return 'UNHEALTHY'
  if (fails('WARNING')) return 'DEGRADED'
  if (findings.some(({ outcome, severity }) => outcome === 'UNKNOWN' && severity !== 'INFO')) return 'UNKNOWN'
  return readiness.some(({ outcome }) => outcome === 'PASS') ? 'HEALTHY' : 'NOT_APPLICABLE'
}

function headOf(status: HealthStatus, readiness: readonly Judged[]): string {
  if (status === 'HEALTHY') return 'All is well'
  const [untold] = readiness.flatMap(({ incomplete }) => incomplete)
  return untold?.message ?? 'Nothing of it is served, so there is nothing to be well'
}
