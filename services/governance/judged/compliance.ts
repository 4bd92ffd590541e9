import type { Incomplete } from '#lib/common.generated.ts'
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
