import type { Incomplete } from '#lib/common.generated.ts'
import { oldestOf, summaryOf, untoldOf } from '#lib/rules/finding.ts'
import type { ComplianceStatus, Finding } from '../schema.generated.ts'

/** What all policies say of one thing. */
export interface ComplianceRecord {
  readonly status: ComplianceStatus
  readonly summary: string
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly asOf: string
  readonly incomplete: readonly Incomplete[]
}

/** Compliance from findings on which waivers are laid; `unjudged`: why more should have been judged. */
export function complianceOf(
  findings: readonly Finding[],
  unjudged: readonly Incomplete[],
  now: Date,
): ComplianceRecord {
  const status = statusOf(findings, unjudged)
  return {
    ...{ status, findings, summary: summaryOf(findings, headOf(status, unjudged), 'policies') },
    asOf: oldestOf(findings, now.toISOString()),
    // What only informs decides nothing.
    incomplete: [...unjudged, ...untoldOf(findings.filter(({ severity }) => severity !== 'INFO'))],
  }
}

/** The worst that a policy says. What is only good to know does not count, waived or not. */
function statusOf(findings: readonly Finding[], unjudged: readonly Incomplete[]): ComplianceStatus {
  const counting = findings.filter(({ severity, outcome }) => severity !== 'INFO' && outcome !== 'NOT_APPLICABLE')
  const has = (wanted: Finding['outcome']) => counting.some(({ outcome }) => outcome === wanted)
  if (has('FAIL')) return 'NON_COMPLIANT'
  if (has('UNKNOWN') || unjudged.length > 0 || counting.length === 0) return 'UNKNOWN'
  return has('WAIVED') ? 'COMPLIANT_WITH_WAIVERS' : 'COMPLIANT'
}

function headOf(status: ComplianceStatus, unjudged: readonly Incomplete[]): string {
  if (status === 'COMPLIANT') return 'All policies that apply hold'
  if (status === 'COMPLIANT_WITH_WAIVERS') return 'All policies that apply hold or are waived'
  return unjudged[0]?.message ?? 'No policy applies, so nothing was judged'
}

/** How many findings have an outcome. */
export const countOf = ({ findings }: ComplianceRecord, wanted: Finding['outcome']): number =>
  findings.filter(({ outcome }) => outcome === wanted).length
