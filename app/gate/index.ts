import { randomUUID } from 'node:crypto'
import { ReaderError } from '#lib/reader-error.ts'
import type { GateAnswer, GateProblem } from './answer.ts'
import { askGate } from './ask.ts'
import { gateJunit } from './junit.ts'
import { gateSarif } from './sarif.ts'
import { gateTable } from './table.ts'

/** What `modelops gate` may be told. */
export interface GateOptions {
  readonly policies?: readonly string[]
  readonly url: string
  readonly keyEnv: string
  readonly idempotencyKey?: string
  readonly timeout: string
  readonly json?: boolean
  readonly junit?: boolean
  readonly sarif?: boolean
}

/** Exit codes: what a CI job reads. 2: it could not be judged, whatever the reason. */
const codes = { ALLOWED: 0, REFUSED: 1, UNDECIDED: 2 } as const

/** `modelops gate`: asks a running gateway whether something may be promoted, and exits by what it says. */
export async function gate(subject: string, options: GateOptions): Promise<void> {
  // Whatever goes wrong from here on is no permission.
  process.exitCode = codes.UNDECIDED
  const { url, keyEnv, policies, timeout, json, junit, sarif } = options
  const timeoutSeconds = Number(timeout)
  if (!(timeoutSeconds > 0)) throw new ReaderError(`--timeout: found ${timeout}, expected seconds.`)
  if ([json, junit, sarif].filter(Boolean).length > 1) {
    throw new ReaderError('Only one of --json, --junit and --sarif can be printed.')
  }
  const answer = await askGate({
    ...{ url, subject, policies, timeoutSeconds },
    key: process.env[keyEnv] || undefined,
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
  })
  if ('problem' in answer) console.error(`UNDECIDED  ${subject}\n${answer.problem}`)
  const printed = report(subject, answer, { json, junit, sarif })
  if (printed !== undefined) console.log(printed)
  if ('decision' in answer) process.exitCode = codes[answer.decision]
}

function report(
  subject: string,
  answer: GateAnswer | GateProblem,
  { json, junit, sarif }: Partial<Record<'json' | 'junit' | 'sarif', boolean | undefined>>,
): string | undefined {
  if (junit) return gateJunit(subject, answer)
  if (sarif) return JSON.stringify(gateSarif(answer), null, 2)
  if (json) {
    const undecided = 'problem' in answer ? { subject, decision: 'UNDECIDED', allowed: false, ...answer } : answer
    return JSON.stringify(undecided, null, 2)
  }
  return 'problem' in answer ? undefined : gateTable(answer)
}
