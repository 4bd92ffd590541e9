import { wayOf } from './lead-time.ts'
import type { ObservedModel } from './metrics.ts'
import type { DeliveryStage } from './port.ts'

/** A version that waits, as the graph shows it. */
export interface StalledRecord {
  /** Id of the version. */
  readonly version: string
  readonly stage: DeliveryStage
  /** Milliseconds since 1970. */
  readonly since: number
  readonly waitedSeconds: number
}

/** Versions that have waited for their next stage for more than so many days. */
export function stalledOf(models: readonly ObservedModel[], days: number, now: number): StalledRecord[] {
  return models.flatMap(({ facts, history }) =>
    facts.versions.flatMap((version) => {
      const { stalled } = wayOf(version, facts, history)
      if (!stalled || now - stalled.since <= days * 86_400_000) return []
      return [{ version: version.id, ...stalled, waitedSeconds: (now - stalled.since) / 1_000 }]
    }),
  )
}
