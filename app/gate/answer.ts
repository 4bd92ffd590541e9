import type { Finding } from '#lib/common.generated.ts'

/** What the gateway decided, as `POST /gate` answers. */
export interface GateAnswer {
  readonly subject: string
  readonly decision: 'ALLOWED' | 'REFUSED' | 'UNDECIDED'
  readonly allowed: boolean
  readonly reason: string
  readonly findings: readonly Finding[]
  readonly asOf: string
  readonly judgedAt: string
  readonly recordId: string | null
}

/** Why nothing was decided, in words for whoever reads the log of the CI job. */
export interface GateProblem {
  readonly problem: string
}

/** Whether a finding keeps the gate shut. */
export const keepsShut = ({ outcome, severity }: Finding): boolean =>
  (outcome === 'FAIL' || outcome === 'UNKNOWN') && severity !== 'INFO'
