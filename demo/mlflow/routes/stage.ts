import { invalid } from '../problem.ts'
import type { Stage } from '../spec.ts'

const STAGES: readonly Stage[] = ['None', 'Staging', 'Production', 'Archived']

/** A stage, whatever its case. */
export function stageOf(text: string): Stage {
  const stage = STAGES.find((candidate) => candidate.toLowerCase() === text.toLowerCase())
  if (stage) return stage
  throw invalid(`Invalid Model Version stage: ${text}. Value must be one of ${STAGES.join(', ')}.`)
}
