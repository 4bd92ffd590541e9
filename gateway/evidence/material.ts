import type { Evidence } from './gather.ts'
import type { Completeness } from './holes.ts'
import type { JudgingRule } from './judgements.ts'

/** All that the files of a pack are made of. */
export interface Material {
  readonly evidence: Evidence
  readonly completeness: Completeness
  readonly rules: readonly JudgingRule[]
  /** When the pack was made, ISO 8601 UTC. */
  readonly madeAt: string
  /** What made it. */
  readonly tool: { readonly name: string; readonly version: string }
  /** SHA-256 of the composed graph that was asked, hexadecimal. */
  readonly graphHash: string
}
