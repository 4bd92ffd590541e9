import { GraphQLError } from 'graphql'
import type { Caller } from '#lib/caller.ts'
import type { RequestContext } from '#lib/context.ts'
import { StateError } from '#lib/state/error.ts'
import { inTime } from '#lib/state/in-time.ts'
import type { AttestationKind } from '../schema.generated.ts'

/** A refusal, in words for whoever asked. */
export const refusal = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } })

/** Who may make, and take back, which attestation. */
export const attestedBy: Readonly<Record<AttestationKind, string>> = {
  VALIDATION: 'validator',
  REVIEW: 'validator',
  APPROVAL: 'approver',
  EXCEPTION: 'approver',
  RISK_TIER: 'risk-officer',
}

/** Throws a GraphQLError (FORBIDDEN) where the caller has none of the roles and is not admin. */
export function requireRole({ roles }: Caller, accepted: readonly string[], what: string): void {
  if (roles.includes('admin') || accepted.some((role) => roles.includes(role))) return
  throw refusal('FORBIDDEN', `To ${what} you need the role ${accepted.join(' or ')}: ask for it.`)
}

/** What the state answers in the time of a request; what it refuses or fails at, as errors of a query that keep its words. */
export async function fromState<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
  try {
    return await inTime(context, work)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    const code = error.code === 'KEY_REUSED' ? 'IDEMPOTENCY_KEY_REUSED' : 'STATE_UNAVAILABLE'
    throw refusal(code, error.message)
  }
}
