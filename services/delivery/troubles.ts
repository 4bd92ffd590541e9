import type { ObservationRecord } from './port.ts'

/** A time in which something about a model was not well. Milliseconds since 1970. */
export interface Trouble {
  /** When it was first seen. null: it was so at the first look. */
  readonly since: number | null
  /** When all was well again. null: it is not. */
  readonly until: number | null
}

/** What is bad of what can be observed. */
const BAD: Partial<Record<ObservationRecord['kind'], string>> = {
  STATE_CHANGED: 'NOT_READY',
  HEALTH_CHANGED: 'UNHEALTHY',
}

/**
 * When a model was not well: from when its health, or that of an endpoint that serves it, becomes UNHEALTHY or the endpoint
 * NOT_READY, until nothing of that holds any more. An endpoint counts while it serves the model; what becomes of it later ends
 * what was bad about it. `observations`: about the model and about every endpoint that ever served it, in order.
 */
export function troublesOf(model: string, observations: readonly ObservationRecord[]): Trouble[] {
  const bad = new Set<string>()
  const troubles: Trouble[] = []
  let since: number | null | undefined
  for (const { at, kind, subject, models, after, initial } of observations) {
    const word = BAD[kind]
    if (word === undefined) continue
    const signal = JSON.stringify([kind, subject])
    if (after === word && models.includes(model)) {
      bad.add(signal)
      if (since === undefined) since = initial ? null : at
      continue
    }
    bad.delete(signal)
    if (since === undefined || bad.size > 0) continue
    troubles.push({ since, until: at })
    since = undefined
  }
  return since === undefined ? troubles : [...troubles, { since, until: null }]
}
