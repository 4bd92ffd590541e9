import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Caller } from '#lib/caller.ts'
import type { RequestContext } from '#lib/context.ts'
import { OBSERVER } from './observation-log.ts'

/** Who looks and tells: it sees everything, and what it sees is told as the configuration says. */
const observer: Caller = { subject: OBSERVER, name: 'observer', roles: ['admin'], scopes: [] }

/** Milliseconds for what is asked in one go. */
const TIME = 120_000

/** The context of work that nobody asked for. */
export function ownContext(signal: AbortSignal, maxAgeSeconds: number, log: Logger): RequestContext {
  return {
    ...{ requestId: `observer-${randomUUID()}`, caller: observer, maxAgeSeconds, log },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIME)]),
  }
}
