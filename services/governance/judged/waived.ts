import type { Incomplete } from '#lib/common.generated.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { worstFirst } from '#lib/rules/finding.ts'
import type { Finding } from '../schema.generated.ts'
import type { Waiver } from './statements.ts'

/** The things whose waivers lift a finding on a thing: the thing, and of a version its model. */
export function waivingSubjects(subject: string): string[] {
  const parsed = parseId(subject)
  const [source = '', name = ''] = parsed?.parts ?? []
  return parsed?.type === 'ModelVersion' ? [subject, makeId('Model', source, name)] : [subject]
}

/** Lays waivers over what fails or cannot be told, those that have not expired: the one that lasts longest. Worst first. */
export function withWaivers(findings: readonly Finding[], waivers: readonly Waiver[], now: Date): Finding[] {
  return worstFirst(
    findings.map((finding) => {
      if (finding.outcome !== 'FAIL' && finding.outcome !== 'UNKNOWN') return finding
      const subjects = waivingSubjects(finding.subject)
      const [waiver] = waivers
        .filter(({ policy, subject }) => policy === finding.rule.id && subjects.includes(subject))
        .filter(({ expiresAt }) => Date.parse(expiresAt) > now.getTime())
        .sort((a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt))
      if (!waiver) return finding
      const { by, reason, expiresAt } = waiver
      return { ...finding, outcome: 'WAIVED', waivedUntil: expiresAt, waivedBy: by, waivedReason: reason }
    }),
  )
}

/**
 * As `withWaivers`, where waivers cannot be read: what fails is waived or is not, so it cannot be told. Its message still says
 * what fails.
 */
export function withWaiversUnknown(findings: readonly Finding[], why: readonly Incomplete[]): Finding[] {
  return worstFirst(
    findings.map((finding) => {
      if (finding.outcome !== 'FAIL' && finding.outcome !== 'UNKNOWN') return finding
      const incomplete = [...finding.incomplete, ...why]
      if (finding.outcome === 'UNKNOWN') return { ...finding, incomplete }
      const message = `${finding.message} Whether that is waived cannot be told.`
      return { ...finding, outcome: 'UNKNOWN', message, incomplete }
    }),
  )
}
