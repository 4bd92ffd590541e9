import type { PastCompany } from '#demo/company/history.ts'
import type { State } from '#lib/state/port.ts'
import { areas, noteLooks } from '#services/delivery/looks.ts'
import { createObservationLog } from '#services/delivery/observation-log.ts'

/** Writes down what was seen of the demonstration company, so that it has a past. */
export async function writeHistory(
  state: State,
  { registries, from, until, observations }: PastCompany,
): Promise<void> {
  await createObservationLog(state).append(
    observations.map((observation, i) => ({ observation, before: `demonstration ${i}` })),
  )
  for (const at of [from, until]) {
    const watched = [...registries.map(areas.champion), areas.served]
    await noteLooks(state, new Map(watched.map((area) => [area, at])), until - from)
  }
}
