import { makeId, parseId } from '#lib/ids.ts'
import type { Entry, JsonObject, State } from '#lib/state/port.ts'
import type { AttestationKind } from '../schema.generated.ts'

/** Something that a person said of a thing, with its revocation. */
interface Said {
  readonly entry: Entry
  readonly revocation: Entry | undefined
  readonly id: string
  readonly subjectId: string
}

/** An attestation, from its entries. */
export interface AttestationRecord extends Said {
  readonly type: 'Attestation'
}

/** A waiver, from its entries. */
export interface WaiverRecord extends Said {
  readonly type: 'Waiver'
}

/** What is kept of an attestation. */
export interface AttestationContent extends JsonObject {
  readonly kind: AttestationKind
  readonly statement: string
  readonly evidenceUrl: string | null
  readonly independent: boolean | null
  readonly independenceEvidence: string
}

/** What is kept of a waiver. */
export interface WaiverContent extends JsonObject {
  readonly policy: string
  readonly reason: string
}

export const attestationOf = ({ entry }: Pick<AttestationRecord, 'entry'>): AttestationContent =>
  entry.content as AttestationContent
export const waiverOf = ({ entry }: Pick<WaiverRecord, 'entry'>): WaiverContent => entry.content as WaiverContent
export const reasonOf = ({ revocation }: Said): string | null => (revocation ? String(revocation.content.reason) : null)

/** The entry behind an id of the graph; undefined: it is none of that type. */
export function entryIdOf(type: 'Attestation' | 'Waiver' | 'UseCase', id: string): string | undefined {
  const parsed = parseId(id)
  return parsed?.type === type ? parsed.parts[0] : undefined
}

/** Entries with what revoked them, in their order. `present`: the id of a subject as the graph writes it now. */
export async function withRevocations<T extends 'Attestation' | 'Waiver'>(
  type: T,
  entries: readonly Entry[],
  state: Pick<State, 'read'>,
  present: (id: string) => string,
): Promise<(Said & { readonly type: T })[]> {
  if (entries.length === 0) return []
  const kinds = [type === 'Attestation' ? 'attestation-revoked' : 'waiver-revoked'] as const
  // One each: what was revoked is not revoked again.
  const revocations = await state.read({ kinds, refersTo: entries.map(({ id }) => id) }, { first: entries.length })
  const byId = new Map(revocations.entries.map((entry) => [entry.refersTo, entry]))
  return entries.map((entry) => ({
    ...{ type, entry, revocation: byId.get(entry.id), id: makeId(type, entry.id) },
    subjectId: present(entry.subject ?? ''),
  }))
}

const WITHHELD = 'It may name what you may not see: ask for a role that may see all.'

/**
 * What an entry holds, for a caller who may see its subject and not everything: without what can be about other things, such as
 * what else an endpoint serves, or what somebody with other rights was judged by.
 */
export function withoutOthers({ kind, content }: Entry): JsonObject {
  const { models: _, ...declared } = content
  const { decision = null, asOf = null, judgedAt = null, policies = null } = content
  switch (kind) {
    case 'attestation':
    case 'attestation-revoked':
    case 'waiver':
    case 'waiver-revoked':
      return content
    case 'use-case':
      return { ...declared, withheld: WITHHELD }
    case 'gate':
      return { decision, asOf, judgedAt, policies, withheld: WITHHELD }
    default:
      return { withheld: WITHHELD }
  }
}
