import type { RequestContext } from '#lib/context.ts'
import { type Connection, type Order, type PageArguments, pageOf } from '#lib/page.ts'
import type { ObservationIndex } from './history.ts'
import type { ObservationKind, ObservationRecord } from './port.ts'
import { hiddenSubjects, type Portfolio } from './portfolio.ts'

/** Which observations are asked for. Moments are milliseconds since 1970. */
export interface ObservationQuery extends PageArguments {
  readonly subject?: string | null | undefined
  readonly owner?: string | null | undefined
  readonly domain?: string | null | undefined
  readonly kinds?: readonly ObservationKind[] | null | undefined
  readonly since?: number | null | undefined
  readonly until?: number | null | undefined
  /** Of these, what is hidden is counted. Default: of all, whatever is asked for, so that the count tells nothing of it. */
  readonly within?: readonly ObservationRecord[]
}

const newestFirst: Order<ObservationRecord> = { name: 'NEWEST', keys: ({ at, sequence }) => [-at, -sequence] }

/** The page of what was observed and the caller may see, newest first. */
export async function listObservations(
  index: ObservationIndex,
  portfolio: Portfolio,
  { first, after, within, ...where }: ObservationQuery,
  maximum: number,
  context: RequestContext,
): Promise<Connection<ObservationRecord>> {
  const { owner, domain, subject, kinds, since, until } = where
  const all = index.all()
  // What is about a model is about its versions and endpoints too; an endpoint or a version is only itself.
  const matching = all.filter(
    (one) =>
      (!subject || one.subject === subject || one.models.includes(subject)) &&
      (kinds?.includes(one.kind) ?? true) &&
      (since == null || one.at >= since) &&
      (until == null || one.at < until),
  )
  const { seen, incomplete } = await visible(within ?? all, matching, portfolio, context)
  const owned = owner || domain ? await ownedBy(portfolio, owner, domain, context) : undefined
  const wanted = owned ? seen.filter(({ models }) => models.some((model) => owned.has(model))) : seen
  return pageOf(wanted.toReversed(), newestFirst, { first, after }, maximum, incomplete)
}

/** What the caller may see of `matching`; what is hidden of `candidates` is counted, whatever is asked for. */
async function visible(
  candidates: readonly ObservationRecord[],
  matching: readonly ObservationRecord[],
  portfolio: Portfolio,
  context: RequestContext,
) {
  if (portfolio.seesAll(context)) return { seen: matching, incomplete: [] }
  const [models, endpoints] = await Promise.all([portfolio.models(context), portfolio.endpoints(context)])
  const known = new Set([...models.nodes.map(({ id }) => id), ...endpoints.nodes])
  // A version is seen with its model.
  const sees = ({ kind, subject, models: [model] }: ObservationRecord) =>
    known.has(kind === 'VERSION_CREATED' ? (model ?? '') : subject)
  return {
    // An endpoint can be seen by who may not see all that it serves.
    seen: matching.filter(sees).map((one) => ({ ...one, models: one.models.filter((model) => known.has(model)) })),
    incomplete: [
      ...hiddenSubjects(candidates.filter((one) => !sees(one))),
      ...[...models.incomplete, ...endpoints.incomplete].filter(({ reason }) => reason !== 'FORBIDDEN'),
    ],
  }
}

async function ownedBy(
  portfolio: Portfolio,
  owner: string | null | undefined,
  domain: string | null | undefined,
  context: RequestContext,
): Promise<ReadonlySet<string>> {
  const { nodes } = await portfolio.models(context)
  const owned = nodes.filter(
    (model) => (!owner || model.owners.includes(owner)) && (!domain || model.domain === domain),
  )
  return new Set(owned.map(({ id }) => id))
}
