import DataLoader from 'dataloader'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { type PageArguments, pageOf } from '#lib/page.ts'
import { perRequest } from '#lib/per-request.ts'
import { canonicalJson } from '#lib/state/canonical.ts'
import type { Entry, EntryFilter, State } from '#lib/state/port.ts'
import type { QueryAttestationsArgs, Resolvers } from '../schema.generated.ts'
import { checkTime } from './inputs.ts'
import { type ListOptions, readPage } from './lists.ts'
import type { createMutations } from './mutations.ts'
import { attestationOf, entryIdOf, reasonOf, waiverOf, withoutOthers, withRevocations } from './records.ts'
import { fromState, requireRole } from './refusals.ts'
import type { Subjects } from './subjects.ts'
import type { UseCaseRecord, UseCases } from './use-cases.ts'

/** What resolvers of recorded things need. */
export interface RecordedOptions {
  readonly state: State
  readonly subjects: Subjects
  readonly useCases: UseCases
  readonly mutations: ReturnType<typeof createMutations>
  readonly config: Config
}

/** Most records that are told at one thing. */
const AT_ONE_THING = 500

const kindsOf = { Attestation: ['attestation'], Waiver: ['waiver'] } as const

/** Resolvers of what people recorded. What is on a thing is told with the thing; lists show what the caller may see. */
export function createRecordedResolvers({ state, subjects, useCases, mutations, config }: RecordedOptions): Resolvers {
  const { publicUrl } = config.gateway
  const { pageSize } = config.gateway.limits

  /** What was said of things that the caller has in hand, by the id of the thing. */
  const loaderOf = <T extends 'Attestation' | 'Waiver'>(type: T) =>
    perRequest(
      (context) =>
        new DataLoader(
          async (ids: readonly string[]) => {
            // A thing can be referred to by what the caller may see, and be hidden itself.
            const seen = await subjects.visible(ids, context)
            return fromState(context, () =>
              Promise.all(
                ids.map(async (id) => {
                  if (!seen.has(subjects.present(id))) return null
                  const filter = { kinds: kindsOf[type], subjects: subjects.spellings(id) }
                  const { entries } = await state.read(filter, { first: AT_ONE_THING, newestFirst: true })
                  return withRevocations(type, entries, state, subjects.present)
                }),
              ),
            )
          },
          // What a mutation before in the same request has added is there.
          { cache: false },
        ),
    )
  const attestationsOn = loaderOf('Attestation')
  const waiversOn = loaderOf('Waiver')
  const attestations = ({ id }: { id: string }, _: unknown, context: RequestContext) => attestationsOn(context).load(id)
  const waivers = ({ id }: { id: string }, _: unknown, context: RequestContext) => waiversOn(context).load(id)

  async function list<T extends 'Attestation' | 'Waiver'>(
    type: T,
    asked: QueryAttestationsArgs,
    context: RequestContext,
  ) {
    const filter = {
      kinds: kindsOf[type],
      ...(asked.subject ? { subjects: subjects.spellings(asked.subject) } : {}),
      ...(asked.expiringBefore ? { expiringBefore: checkTime('expiringBefore', asked.expiringBefore) } : {}),
    }
    return listed(filter, asked, context, {
      what: type === 'Attestation' ? 'attestations' : 'waivers',
      async itemsOf(entries) {
        const records = await withRevocations(type, entries, state, subjects.present)
        const seen = await subjects.visible(
          records.map(({ subjectId }) => subjectId),
          context,
        )
        return records.map((record) => (seen.has(record.subjectId) ? record : undefined))
      },
    })
  }

  /** A page of what is recorded. Of one thing that the caller may see, nothing is hidden. */
  const listed = <T>(
    filter: EntryFilter,
    asked: PageArguments & { readonly subject?: string | null | undefined },
    context: RequestContext,
    shown: Pick<ListOptions<T>, 'itemsOf' | 'what'>,
  ) =>
    fromState(context, async () => {
      const { subject } = asked
      const ofOne = subject ? (await subjects.visible([subject], context)).has(subjects.present(subject)) : false
      return readPage({ state, filter, seesAll: ofOne || subjects.seesAll(context), ...shown }, asked, pageSize)
    })

  async function oneOf<T extends 'Attestation' | 'Waiver'>(type: T, id: string, context: RequestContext) {
    const entryId = entryIdOf(type, id)
    if (entryId === undefined) return null
    return fromState(context, async () => {
      const { entries } = await state.read({ kinds: kindsOf[type], ids: [entryId] }, { first: 1 })
      const [record] = await withRevocations(type, entries, state, subjects.present)
      return record && (await subjects.visible([record.subjectId], context)).has(record.subjectId) ? record : null
    })
  }

  const seenUseCases = async (context: RequestContext) =>
    (await fromState(context, () => useCases.all())).filter((one) => useCases.sees(context.caller, one))
  /** Records of the audit chain, of those things that the caller may see. */
  async function auditedOf(entries: readonly Entry[], context: RequestContext): Promise<(Entry | undefined)[]> {
    if (subjects.seesAll(context)) return [...entries]
    const ids = entries.flatMap(({ subject }) => subject ?? [])
    const [seen, own] = await Promise.all([subjects.visible(ids, context), seenUseCases(context)])
    const declared = new Set(own.map(({ first }) => first.id))
    return entries.map((entry) => {
      const { id, subject } = entry
      const isSeen = subject === undefined ? declared.has(id) : seen.has(subjects.present(subject))
      return isSeen ? { ...entry, content: withoutOthers(entry) } : undefined
    })
  }
  const modelsSeen = async ({ modelIds }: UseCaseRecord, context: RequestContext) => {
    const seen = await subjects.visible(modelIds, context)
    return modelIds.filter((id) => seen.has(id))
  }
  const nameOf = perRequest(
    (context) =>
      new DataLoader(async (of: readonly string[]) => {
        const names = await fromState(context, () => state.people.names([...new Set(of)]))
        return of.map((subject) => names.get(subject) ?? null)
      }),
  )

  return {
    Query: {
      attestations: (_, asked, context) => list('Attestation', asked, context),
      waivers: (_, asked, context) => list('Waiver', asked, context),
      async useCases(_, { domain, owner, ...asked }, context) {
        const all = await fromState(context, () => useCases.all())
        const wanted = all
          .filter(({ said }) => (domain ? said.domain === domain : true) && (owner ? said.owner === owner : true))
          .reverse()
        const seen = wanted.filter((one) => useCases.sees(context.caller, one))
        const order = { name: 'recorded', keys: ({ first }: UseCaseRecord) => [-first.sequence] }
        // Of all, whatever is asked for, so that the count tells nothing of what is hidden.
        const hidden = all.filter((one) => !useCases.sees(context.caller, one)).length
        const message = `You may not see ${hidden} use cases: ask for a role that may.`
        return pageOf(
          seen,
          order,
          asked,
          pageSize,
          hidden > 0 ? [{ source: null, reason: 'FORBIDDEN', message, count: hidden }] : [],
        )
      },
      async audit(_, { subject, actor, since, until, ...asked }, context) {
        requireRole(context.caller, ['auditor', 'risk-officer'], 'read the audit chain')
        const filter = {
          ...(subject ? { subjects: subjects.spellings(subject) } : {}),
          ...(actor ? { actor } : {}),
          ...(since ? { since: checkTime('since', since) } : {}),
          ...(until ? { until: checkTime('until', until) } : {}),
        }
        return listed(filter, { subject, ...asked }, context, {
          what: 'records',
          itemsOf: (entries) => auditedOf(entries, context),
        })
      },
    },
    Mutation: mutations,
    Model: {
      attestations,
      waivers,
      useCases: async ({ id }, _, context) =>
        (await subjects.visible([id], context)).has(subjects.present(id))
          ? (await seenUseCases(context)).filter(({ modelIds }) => modelIds.includes(id))
          : null,
      // In the query, since proxies decode what a path holds.
      evidencePackUrl: ({ id }) =>
        publicUrl === undefined ? null : `${publicUrl}/evidence?of=${encodeURIComponent(id)}`,
    },
    ModelVersion: { attestations, waivers },
    Endpoint: { attestations, waivers },
    Dataset: { attestations },
    UseCase: {
      __resolveReference: async ({ id }, context) => (await seenUseCases(context)).find((one) => one.id === id) ?? null,
      name: ({ said }) => said.name,
      description: ({ said }) => said.description,
      owner: ({ said }) => said.owner,
      domain: ({ said }) => said.domain,
      status: ({ said }) => said.status,
      modelIds: (record, _, context) => modelsSeen(record, context),
      models: async (record, _, context) => (await modelsSeen(record, context)).map((id) => ({ id })),
      attestations,
      declaredBy: ({ last }) => last.actor,
      declaredAt: ({ last }) => last.at.toISOString(),
    },
    Attestation: {
      __resolveReference: ({ id }, context) => oneOf('Attestation', id, context),
      kind: (record) => attestationOf(record).kind,
      statement: (record) => attestationOf(record).statement,
      evidenceUrl: (record) => attestationOf(record).evidenceUrl,
      independent: (record) => attestationOf(record).independent,
      independenceEvidence: (record) => attestationOf(record).independenceEvidence,
      by: ({ entry }) => entry.actor,
      byName: ({ entry }, _, context) => nameOf(context).load(entry.actor),
      at: ({ entry }) => entry.at.toISOString(),
      expiresAt: ({ entry }) => entry.expiresAt?.toISOString() ?? null,
      revokedAt: ({ revocation }) => revocation?.at.toISOString() ?? null,
      revokedBy: ({ revocation }) => revocation?.actor ?? null,
      revocationReason: reasonOf,
    },
    Waiver: {
      __resolveReference: ({ id }, context) => oneOf('Waiver', id, context),
      policy: (record) => waiverOf(record).policy,
      reason: (record) => waiverOf(record).reason,
      by: ({ entry }) => entry.actor,
      byName: ({ entry }, _, context) => nameOf(context).load(entry.actor),
      at: ({ entry }) => entry.at.toISOString(),
      expiresAt: ({ entry }) => entry.expiresAt?.toISOString() ?? '',
      revokedAt: ({ revocation }) => revocation?.at.toISOString() ?? null,
      revokedBy: ({ revocation }) => revocation?.actor ?? null,
      revocationReason: reasonOf,
    },
    AuditRecord: {
      at: ({ at }) => at.toISOString(),
      recordedAt: ({ recordedAt }) => recordedAt.toISOString(),
      action: ({ kind }) => kind,
      subject: ({ subject }) => subject ?? null,
      detail: ({ content }) => canonicalJson(content),
    },
  }
}
