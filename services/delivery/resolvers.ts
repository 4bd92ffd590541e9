import { GraphQLError } from 'graphql'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { canonicalId, makeId, parseId } from '#lib/ids.ts'
import { momentOf } from '#lib/moment.ts'
import { badInput, type Order, pageOf, sorted } from '#lib/page.ts'
import { perRequest } from '#lib/per-request.ts'
import { StateError } from '#lib/state/error.ts'
import { inTime } from '#lib/state/in-time.ts'
import type { State } from '#lib/state/port.ts'
import { historyOf, predecessorOf } from './history.ts'
import { areas, readLooks } from './looks.ts'
import { listMetrics, observedModels } from './metric-list.ts'
import { listObservations } from './observation-list.ts'
import type { ObservationLog } from './observation-log.ts'
import { deliveryStages } from './port.ts'
import type { Portfolio } from './portfolio.ts'
import { productionAt } from './production-at.ts'
import { createReferences } from './references.ts'
import type { Resolvers } from './schema.generated.ts'
import { type StalledRecord, stalledOf } from './stalled.ts'
import { compareVersions } from './version-content.ts'
import { createWays } from './version-ways.ts'

/** What the resolvers stand on. */
export interface ResolverOptions {
  readonly config: Config
  readonly graph: GraphPort
  readonly state: State
  readonly log: ObservationLog
  readonly portfolio: Portfolio
  /** Former ids of sources. */
  readonly renamed: ReadonlyMap<string, string>
}

const longestFirst: Order<StalledRecord> = { name: 'LONGEST', keys: ({ since, version }) => [since, version] }

/** The subgraph's resolvers. */
export function createResolvers({ config, graph, state, log, portfolio, renamed }: ResolverOptions): Resolvers {
  const maximum = config.gateway.limits.pageSize
  // One reading of the state for each request, so that all of its answer is of one moment.
  const read = perRequest((context) => kept(context, () => log.read()))
  const looks = perRequest((context) => kept(context, () => readLooks(state)))
  const ways = createWays(graph, read)
  const referenceTo = createReferences(graph)
  const historyIn = async (model: string, context: RequestContext) => {
    return historyOf(model, (await read(context)).of(model))
  }
  const predecessor = async (version: string, context: RequestContext) => {
    const [source = '', name = ''] = parseId(version)?.parts ?? []
    const model = makeId('Model', source, name)
    return (await portfolio.seesModel(model, context))
      ? predecessorOf(await historyIn(model, context), version)
      : undefined
  }
  const versionId = (id: string) => canonicalId('ModelVersion', id, renamed)
  const compare = async (from: string, to: string, context: RequestContext) => {
    const [before, after] = [versionId(from), versionId(to)]
    return before && after ? compareVersions(graph, before, after, context) : null
  }

  return {
    Query: {
      async deliveryMetrics(_, { days, failedWithinDays, groupBy, ...wanted }, context) {
        const window = {
          now: Date.now(),
          days: bounded('days', days, 90, 1, 3_650),
          failedWithinDays: bounded('failedWithinDays', failedWithinDays, 7, 1, 90),
        }
        return listMetrics(await read(context), portfolio, { ...wanted, groupBy: groupBy ?? null }, window, context)
      },
      async observations(_, { where, ...page }, context) {
        const { subject, since, until, ...rest } = where ?? {}
        const query = { ...page, ...rest, since: moment('since', since), until: moment('until', until) }
        const named = subject ? { subject: renamedId(subject, renamed) } : {}
        return listObservations(await read(context), portfolio, { ...query, ...named }, maximum, context)
      },
      async stalledVersions(_, { days, owner, domain, ...page }, context) {
        const wait = bounded('days', days, 30, 0, 3_650)
        const { models, incomplete } = await observedModels(await read(context), portfolio, { owner, domain }, context)
        const stalled = sorted(stalledOf(models, wait, Date.now()), longestFirst)
        return pageOf(stalled, longestFirst, page, maximum, incomplete)
      },
      compareVersions: (_, { from, to }, context) => compare(from, to, context),
    },
    Model: {
      async history({ id }, page, context) {
        if (!(await portfolio.seesModel(id, context))) return null
        const index = await read(context)
        const query = { ...page, subject: id, within: index.of(id) }
        return listObservations(index, portfolio, query, maximum, context)
      },
      async productionAt({ id }, { at }, context) {
        const when = moment('at', at) ?? Number.NaN
        if (!(await portfolio.seesModel(id, context))) return null
        const known = await looks(context)
        const [source = ''] = parseId(id)?.parts ?? []
        const watched = { champion: known[areas.champion(source)] ?? [], served: known[areas.served] ?? [] }
        return productionAt(await historyIn(id, context), when, watched)
      },
    },
    ModelVersion: {
      leadTime: ({ id }, _, context) => ways(id, context),
      predecessor: async ({ id }, _, context) => referenceTo(await predecessor(id, context), context),
      async changes({ id }, { since }, context) {
        const from = since ?? (await predecessor(id, context))
        return from ? compare(from, id, context) : null
      },
    },
    ProductionAt: {
      modelVersion: ({ version }, _, context) => referenceTo(version, context),
      served: async ({ served }, _, context) => {
        const there = served && (await Promise.all(served.map((id) => referenceTo(id, context))))
        return there?.filter((one) => one !== null) ?? null
      },
      observedAt: ({ observedAt }) => dateTime(observedAt),
      firstObservationAt: ({ firstObservationAt }) => dateTime(firstObservationAt),
    },
    Observation: {
      at: ({ at }) => new Date(at).toISOString(),
      model: ({ models }, _, context) => (models.length === 1 ? referenceTo(models[0], context) : null),
      modelVersion: ({ versions }, _, context) => (versions.length === 1 ? referenceTo(versions[0], context) : null),
    },
    LeadTime: {
      committedAt: ({ facts }) => dateTime(facts.committedAt),
      runStartedAt: ({ facts }) => dateTime(facts.runStartedAt),
      runEndedAt: ({ facts }) => dateTime(facts.runEndedAt),
      registeredAt: ({ facts }) => dateTime(facts.registeredAt),
      promotedAt: ({ promoted }) => dateTime(promoted?.at ?? null),
      servedAt: ({ served }) => dateTime(served?.at ?? null),
      promotedBeforeFirstLook: ({ promoted }) => promoted?.at === null,
      stages: ({ stages }) => deliveryStages.map((stage) => ({ stage, seconds: seconds(stages[stage].milliseconds) })),
      totalSeconds: ({ total }) => seconds(total),
      stalledAt: ({ stalled }) => stalled?.stage ?? null,
    },
    StalledVersion: {
      modelVersion: ({ version }) => ({ id: version }),
      since: ({ since }) => new Date(since).toISOString(),
    },
    DeliveryMetrics: {
      productionShare: ({ figures }) => figures.productionShare,
      leadTime: (group) => group.stages(),
      totalLeadTimeSeconds: ({ figures }) => figures.totalLeadTimeSeconds,
      modelAgeSeconds: ({ figures }) => figures.modelAgeSeconds,
      retrainingGapSeconds: ({ figures }) => figures.retrainingGapSeconds,
      deploymentsPerWeek: ({ figures }) => figures.deploymentsPerWeek,
      changeFailRate: ({ figures }) => figures.changeFailRate,
      timeToRestoreSeconds: ({ figures }) => figures.timeToRestoreSeconds,
      firstObservationAt: ({ figures }) => dateTime(figures.firstObservationAt),
    },
  }
}

const dateTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
const seconds = (milliseconds: number | null): number | null => (milliseconds === null ? null : milliseconds / 1_000)

/** An id with the present id of its source; one that is none finds nothing. */
function renamedId(id: string, renamed: ReadonlyMap<string, string>): string {
  const types = ['Model', 'ModelVersion', 'Endpoint'] as const
  return types.map((type) => canonicalId(type, id, renamed)).find((found) => found !== undefined) ?? id
}

function bounded(name: string, given: number | null | undefined, otherwise: number, low: number, high: number): number {
  const value = given ?? otherwise
  if (value >= low && value <= high) return value
  throw badInput(`${name}: ${value} is not possible: ask for ${low} to ${high}`)
}

/** Milliseconds since 1970. */
const moment = (name: string, text: string | null | undefined): number | null =>
  text == null ? null : momentOf(name, text)

/** A state that cannot be had is told to the reader in its own words. */
async function kept<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
  try {
    return await inTime(context, work)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    throw new GraphQLError(error.message, { extensions: { code: error.code }, originalError: error })
  }
}
