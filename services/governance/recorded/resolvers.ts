import DataLoader from 'dataloader'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { pageOf } from '#lib/page.ts'
import { perRequest } from '#lib/per-request.ts'
import { canonicalJson } from '#lib/state/canonical.ts'
import type { State } from '#lib/state/port.ts'
import type { QueryAttestationsArgs, Resolvers } from '../schema.generated.ts'
import { checkTime } from './inputs.ts'
import { connectionOf, readPage } from './lists.ts'
import type { createMutations } from './mutations.ts'
import { attestationOf, entryIdOf, reasonOf, waiverOf, withRevocations } from './records.ts'
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
      () =>
        new DataLoader(
          async (ids: readonly string[]) =>
            fromState(() =>
              Promise.all(
                ids.map(async (id) => {
                  const filter = { kinds: kindsOf[type], subjects: subjects.spellings(id) }
                  const { entries } = await state.read(filter, { first: AT_ONE_THING, newestFirst: true })
                  return withRevocations(type, entries, state, subjects.present)
                }),
              ),
            ),
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
    return fromState(async () => {
      const page = await readPage(state, filter, asked, pageSize)
      const records = await withRevocations(type, page.entries, state, subjects.present)
      const seen = await subjects.visible(
        records.map(({ subjectId }) => subjectId),
        context,
      )
      const items = records.map((record) => (seen.has(record.subjectId) ? record : undefined))
      return connectionOf(page, items, type === 'Attestation' ? 'attestations' : 'waivers')
    })
  }

  async function oneOf<T extends 'Attestation' | 'Waiver'>(type: T, id: string, context: RequestContext) {
    const entryId = entryIdOf(type, id)
    if (entryId === undefined) return null
    return fromState(async () => {
      const { entries } = await state.read({ kinds: kindsOf[type], ids: [entryId] }, { first: 1 })
      const [record] = await withRevocations(type, entries, state, subjects.present)
      return record && (await subjects.visible([record.subjectId], context)).has(record.subjectId) ? record : null
    })
  }

  const seenUseCases = async ({ caller }: RequestContext) =>
    (await fromState(() => useCases.all())).filter((one) => useCases.sees(caller, one))
  const modelsSeen = async ({ modelIds }: UseCaseRecord, context: RequestContext) => {
    const seen = await subjects.visible(modelIds, context)
    return modelIds.filter((id) => seen.has(id))
  }
  const nameOf = perRequest(
    () =>
      new DataLoader(async (of: readonly string[]) => {
        const names = await fromState(() => state.people.names([...new Set(of)]))
        return of.map((subject) => names.get(subject) ?? null)
      }),
  )

  return {
    Query: {
      attestations: (_, asked, context) => list('Attestation', asked, context),
      waivers: (_, asked, context) => list('Waiver', asked, context),
      async useCases(_, { domain, owner, ...asked }, context) {
        const all = await fromState(() => useCases.all())
        const wanted = all
          .filter(({ said }) => (domain ? said.domain === domain : true) && (owner ? said.owner === owner : true))
          .reverse()
        const seen = wanted.filter((one) => useCases.sees(context.caller, one))
        const order = { name: 'recorded', keys: ({ first }: UseCaseRecord) => [-first.sequence] }
        const hidden = wanted.length - seen.length
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
        const page = await fromState(() => readPage(state, filter, asked, pageSize))
        return connectionOf(page, page.entries, 'records')
      },
    },
    Mutation: mutations,
    Model: {
      attestations,
      waivers,
      useCases: async ({ id }, _, context) =>
        (await seenUseCases(context)).filter(({ modelIds }) => modelIds.includes(id)),
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
