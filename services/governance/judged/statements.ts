import type { RequestContext } from '#lib/context.ts'
import { makeId } from '#lib/ids.ts'
import { inTime } from '#lib/state/in-time.ts'
import type { Entry, EntryKind, State } from '#lib/state/port.ts'
import type { Subjects } from '../recorded/subjects.ts'

/** Somebody took responsibility for a policy that does not hold, until a date. */
export interface Waiver {
  /** Id of the thing it is for. */
  readonly subject: string
  /** Id of the policy. */
  readonly policy: string
  readonly by: string
  readonly reason: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
}

/** What people recorded of things, as far as it counts in judging; what was revoked is left out. */
export interface Statements {
  /** Waivers of some things, expired ones among them. Rejects when the state cannot be read. */
  waivers(subjects: readonly string[], context: RequestContext): Promise<readonly Waiver[]>
  /** Tier decisions on some models and reviews of them, expired ones among them, newest first. Rejects likewise. */
  statements(subjects: readonly string[], context: RequestContext): Promise<readonly Statement[]>
  /** Changes with every record that facts can be made of. undefined: the state cannot be read. */
  version(context: RequestContext): Promise<string | undefined>
}

/** One attestation. */
export interface Statement {
  readonly id: string
  readonly subject: string
  readonly kind: string
  readonly statement: string
  readonly by: string
  readonly at: string
  readonly expiresAt: string | null
}

/** Records that facts of policies are made of; waivers are laid over what was judged. */
const FACTS: readonly EntryKind[] = ['attestation', 'attestation-revoked', 'use-case', 'tombstone']

/** Milliseconds for the version: everything else that judging asks for comes after it. */
const VERSION_PATIENCE = 1_000

/** Entries that one read of the state gives. */
const PAGE = 500

/** What people recorded, read from the state. */
export function statementsOf(
  state: Pick<State, 'read'>,
  { present, spellings }: Pick<Subjects, 'present' | 'spellings'>,
): Statements {
  async function standing(kind: 'attestation' | 'waiver', subjects: readonly string[]): Promise<Entry[]> {
    if (subjects.length === 0) return []
    const entries = await all({ kinds: [kind], subjects: subjects.flatMap(spellings) })
    if (entries.length === 0) return []
    const revoked = await all({ kinds: [`${kind}-revoked`], refersTo: entries.map(({ id }) => id) })
    const gone = new Set(revoked.map(({ refersTo }) => refersTo))
    return entries.filter(({ id }) => !gone.has(id))
  }

  async function all(filter: Parameters<State['read']>[0]): Promise<Entry[]> {
    const found: Entry[] = []
    let after: number | undefined
    for (;;) {
      const page = { first: PAGE, newestFirst: true, ...(after !== undefined && { after }) }
      const { entries, hasMore } = await state.read(filter, page)
      found.push(...entries)
      after = entries.at(-1)?.sequence
      if (!hasMore || after === undefined) return found
    }
  }

  return {
    async waivers(subjects, context) {
      const entries = await inTime(context, () => standing('waiver', subjects))
      return entries.map(({ subject = '', actor: by, content: { policy, reason }, expiresAt = new Date(0) }) => {
        return {
          subject: present(subject),
          by,
          policy: String(policy),
          reason: String(reason),
          expiresAt: expiresAt.toISOString(),
        }
      })
    },
    async statements(subjects, context) {
      const entries = await inTime(context, () => standing('attestation', subjects))
      return entries.map(({ id, subject = '', actor: by, content: { kind, statement }, at, expiresAt }) => ({
        ...{
          id: makeId('Attestation', id),
          subject: present(subject),
          by,
          kind: String(kind),
          statement: String(statement),
        },
        at: at.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
      }))
    },
    async version(context) {
      const newest = () => state.read({ kinds: FACTS }, { first: 1, newestFirst: true })
      try {
        const { entries } = await inTime(context, newest, VERSION_PATIENCE)
        return String(entries[0]?.sequence ?? 0)
      } catch (error) {
        context.log.error({ err: error }, 'it cannot be told whether what was judged before still holds')
        return undefined
      }
    },
  }
}
