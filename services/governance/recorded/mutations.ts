import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { makeId } from '#lib/ids.ts'
import { badInput } from '#lib/page.ts'
import type { Rule } from '#lib/rules/rule.ts'
import { hashOf } from '#lib/state/canonical.ts'
import { keyReused } from '#lib/state/error.ts'
import type { Entry, EntryReader, JsonObject, NewEntry, State } from '#lib/state/port.ts'
import type { AttestationKind, MutationResolvers } from '../schema.generated.ts'
import { independenceOf } from './independence.ts'
import { checkEvidence, checkFuture, checkText } from './inputs.ts'
import { attestationOf, entryIdOf, waiverOf, withRevocations } from './records.ts'
import { attestedBy, fromState, refusal, requireRole } from './refusals.ts'
import type { Subjects } from './subjects.ts'
import type { UseCases } from './use-cases.ts'

/** What mutations need. */
export interface MutationOptions {
  readonly state: State
  readonly graph: GraphPort
  readonly subjects: Subjects
  readonly useCases: UseCases
  readonly policies: readonly Rule[]
  readonly people: Config['people']
}

const TEXT = 10_000
const NAME = 500
const MODELS = 500

/** What is appended: an entry but for what is the same of all. */
type Said = Omit<NewEntry, 'actor' | 'deduplicationKey' | 'fingerprint'>

/** The mutations. Each checks rights and input, asks the graph for what it needs to know, and appends one entry. */
export function createMutations({
  state,
  graph,
  subjects,
  useCases,
  policies,
  people,
}: MutationOptions): MutationResolvers {
  /**
   * Appends what `prepare` makes, unless the same was asked with the same key before. `decide` looks at what is recorded,
   * while nobody else writes, and throws where that stands against it.
   */
  async function record(
    operation: string,
    input: JsonObject,
    context: RequestContext,
    prepare: () => Said | Promise<Said>,
    decide: (reader: EntryReader) => Promise<void> = async () => {},
  ): Promise<Entry> {
    const { subject: actor, name } = context.caller
    const key = context.idempotencyKey && {
      deduplicationKey: JSON.stringify([actor, operation, context.idempotencyKey]),
    }
    const repeatable: Pick<NewEntry, 'deduplicationKey' | 'fingerprint'> = key
      ? { ...key, fingerprint: hashOf(input) }
      : {}
    const known = async (reader: EntryReader) =>
      key ? (await reader.read({ deduplicationKeys: [key.deduplicationKey] }, { first: 1 })).entries.at(0) : undefined
    return fromState(context, async () => {
      const before = await known(state)
      // What was recorded then is the answer now, whatever has become of the thing since.
      if (before) return sameAsked(before, repeatable.fingerprint)
      const said = await prepare()
      const [entry] = await state.appendDecided(async (reader) => {
        if (!(await known(reader))) await decide(reader)
        return [{ ...said, actor, ...repeatable }]
      })
      // A name beside the chain can be forgotten; that it cannot be kept now is no reason to fail.
      if (name)
        await state.people
          .remember(actor, name)
          .catch((err: unknown) => context.log.warn({ err }, 'a name was not kept'))
      return entry as Entry
    })
  }

  const attested = async (entry: Entry, context: RequestContext) => {
    const [attestation] = await fromState(context, () =>
      withRevocations('Attestation', [entry], state, subjects.present),
    )
    return attestation ?? null
  }
  const waived = async (entry: Entry, context: RequestContext) => {
    const [waiver] = await fromState(context, () => withRevocations('Waiver', [entry], state, subjects.present))
    return waiver ?? null
  }

  /** What is to be revoked, if the caller may see it. Throws a GraphQLError (BAD_USER_INPUT). */
  async function toRevoke(type: 'Attestation' | 'Waiver', id: string, context: RequestContext): Promise<Entry> {
    const entryId = entryIdOf(type, id)
    const kinds = [type === 'Attestation' ? 'attestation' : 'waiver'] as const
    const { entries } = await fromState(context, () =>
      state.read({ kinds, ids: entryId ? [entryId] : [] }, { first: 1 }),
    )
    const [entry] = entries
    const subject = entry?.subject ?? ''
    if (entry && (await subjects.visible([subject], context)).has(subjects.present(subject))) return entry
    throw badInput(`id: there is no ${id} that you may see`)
  }
  async function revoke(type: 'Attestation' | 'Waiver', entry: Entry, reason: string, context: RequestContext) {
    const kind = type === 'Attestation' ? 'attestation-revoked' : 'waiver-revoked'
    const said: Said = {
      kind,
      content: { reason },
      refersTo: entry.id,
      ...(entry.subject !== undefined && { subject: entry.subject }),
    }
    await record(
      kind,
      { id: entry.id, reason },
      context,
      () => said,
      async (reader) => {
        const [earlier] = (await reader.read({ kinds: [kind], refersTo: [entry.id] }, { first: 1 })).entries
        if (!earlier) return
        throw refusal('CONFLICT', `${makeId(type, entry.id)} was revoked already, at ${earlier.at.toISOString()}.`)
      },
    )
  }

  const requireWaiving = ({ caller }: RequestContext, policy: string): void => {
    const mild = policies.some(({ id, severity }) => id === policy && severity !== 'CRITICAL')
    requireRole(caller, ['risk-officer', ...(mild ? ['approver'] : [])], `waive ${policy}`)
  }
  const requireAttesting = ({ caller }: RequestContext, kind: AttestationKind): void =>
    requireRole(caller, [attestedBy[kind]], `make or take back an attestation ${kind}`)

  return {
    async attest(_, { input }, context) {
      requireAttesting(context, input.kind)
      const statement = checkText('statement', input.statement, TEXT)
      const evidenceUrl = input.evidenceUrl ? checkEvidence(input.evidenceUrl) : null
      const entry = await record('attest', plain(input), context, async () => {
        const expiresAt = input.expiresAt ? checkFuture('expiresAt', input.expiresAt) : undefined
        const types = ['Model', 'ModelVersion', 'Endpoint', 'Dataset', 'UseCase'] as const
        const subject = await subjects.require('subject', input.subject, types, context)
        const independence = await independenceOf(subject, { graph, people }, context)
        const content = { kind: input.kind, statement, evidenceUrl, ...independence }
        return { kind: 'attestation', subject, content, ...(expiresAt && { expiresAt }) }
      })
      return attested(entry, context)
    },
    async revokeAttestation(_, { id, reason: given }, context) {
      const reason = checkText('reason', given, TEXT)
      const entry = await toRevoke('Attestation', id, context)
      requireAttesting(context, attestationOf({ entry }).kind)
      await revoke('Attestation', entry, reason, context)
      return attested(entry, context)
    },
    async waive(_, { input }, context) {
      if (!policies.some(({ id }) => id === input.policy)) {
        throw badInput(`policy: found ${input.policy}, which there is not; policies lists them`)
      }
      requireWaiving(context, input.policy)
      const reason = checkText('reason', input.reason, TEXT)
      const entry = await record('waive', plain(input), context, async () => {
        const expiresAt = checkFuture('expiresAt', input.expiresAt)
        const types = ['Model', 'ModelVersion', 'Endpoint', 'UseCase'] as const
        const subject = await subjects.require('subject', input.subject, types, context)
        return { kind: 'waiver', subject, content: { policy: input.policy, reason }, expiresAt }
      })
      return waived(entry, context)
    },
    async revokeWaiver(_, { id, reason: given }, context) {
      const reason = checkText('reason', given, TEXT)
      const entry = await toRevoke('Waiver', id, context)
      requireWaiving(context, waiverOf({ entry }).policy)
      await revoke('Waiver', entry, reason, context)
      return waived(entry, context)
    },
    async declareUseCase(_, { input }, context) {
      requireRole(context.caller, ['risk-officer'], 'declare a use case')
      const content = {
        name: checkText('name', input.name, NAME),
        description: input.description ? checkText('description', input.description, TEXT) : null,
        owner: input.owner ? checkText('owner', input.owner, NAME) : null,
        domain: input.domain ? checkText('domain', input.domain, NAME) : null,
        status: input.status,
      }
      if (input.models.length > MODELS)
        throw badInput(`models: found ${input.models.length}, expected at most ${MODELS}`)
      const entry = await record('declareUseCase', plain(input), context, async () => {
        const earlier = input.id ? await declared(input.id, context) : undefined
        const models: string[] = []
        for (const id of new Set(input.models)) models.push(await subjects.require('models', id, ['Model'], context))
        const of = earlier ? { refersTo: earlier.first.id, subject: earlier.id } : {}
        return { kind: 'use-case', content: { ...content, models }, ...of }
      })
      const key = entry.refersTo ?? entry.id
      return (await fromState(context, () => useCases.all())).find(({ first }) => first.id === key) ?? null
    },
  }

  async function declared(id: string, { caller }: RequestContext) {
    const useCase = (await useCases.all()).find((one) => one.id === id)
    if (useCase && useCases.sees(caller, useCase)) return useCase
    throw badInput(`id: there is no ${id} that you may see`)
  }
}

/** What was recorded with a key. Throws a StateError (KEY_REUSED) where something else was asked then. */
function sameAsked(entry: Entry, fingerprint: string | undefined): Entry {
  if (entry.fingerprint === fingerprint) return entry
  throw keyReused()
}

/** The input as it came, without what was not given. */
const plain = (input: object): JsonObject => JSON.parse(JSON.stringify(input))
