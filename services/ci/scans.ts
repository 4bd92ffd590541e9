import { z } from 'zod'
import { text } from '#lib/config/options.ts'
import type { ScanList, ScanRecord } from './port.ts'
import type { ScanKind } from './schema.generated.ts'

const scan = z.strictObject({
  name: text().describe('Name of the check, or context of the status; `*` stands for anything: `trivy*`.'),
  kind: z.enum(['dependency', 'code', 'secret', 'container', 'licence', 'other']).describe('What it looks at.'),
  tool: text().optional().describe('What scans, to show.'),
})

/** The option with which a forge's configuration says which checks are scans. */
export const scansOption = z
  .array(scan)
  .default([])
  .describe(
    'Checks and statuses of commits that are scans. How many findings are critical and high is read of their title or description, as in `2 critical` or `high: 0`. GitHub’s own code scanning is known without.',
  )

/** A check or status as a forge tells it. */
export interface Reported extends Pick<ScanRecord, 'name' | 'status' | 'finishedAt' | 'webUrl'> {
  /** What reported it, by the forge's own name of it; null: the forge does not tell. */
  readonly app: string | null
  /** Its title or description. */
  readonly summary: string | null
}

/** Apps that report nothing but scans, by the forge's own name of them. */
export type Scanners = Readonly<Record<string, { readonly kind: ScanKind; readonly tool: string }>>

/** Makes a function that picks the scans out of what was reported on a commit. */
export function createScanPicker(
  configured: z.output<typeof scansOption>,
  scanners: Scanners = {},
): (reported: readonly Reported[]) => ScanList {
  const rules = configured.map(({ name, kind, tool }) => ({
    pattern: patternOf(name),
    kind: kind.toUpperCase() as ScanKind,
    tool: tool ?? null,
  }))

  const pick = ({ app, summary, ...check }: Reported): ScanRecord[] => {
    const rule = rules.find(({ pattern }) => pattern.test(check.name))
    if (rule) {
      const { kind, tool } = rule
      return [{ ...check, kind, tool, critical: countOf('critical', summary), high: countOf('high', summary) }]
    }
    const scanner = app !== null && Object.hasOwn(scanners, app) ? scanners[app] : undefined
    // Its title counts what a change brought, and not what there is.
    return scanner ? [{ ...check, ...scanner, critical: null, high: null }] : []
  }

  return (reported) => {
    const scans = reported.flatMap(pick)
    return { scans, gaps: scans.length + rules.length > 0 ? [] : [UNSAID] }
  }
}

const UNSAID = {
  reason: 'UNSUPPORTED',
  message: 'does not tell which checks of a commit are scans, and its scans do not name any: name them there.',
} as const

function patternOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[\\.+?()|[\]{}^$]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'is')
}

/** `2 critical`, `critical: 2`, `Critical = 2`; null: not said. */
function countOf(severity: 'critical' | 'high', summary: string | null): number | null {
  const found =
    new RegExp(`\\b${severity}\\s*[:=]\\s*(\\d{1,9})\\b`, 'i').exec(summary ?? '') ??
    new RegExp(`\\b(\\d{1,9})\\s+${severity}\\b`, 'i').exec(summary ?? '')
  return found ? Number(found[1]) : null
}
