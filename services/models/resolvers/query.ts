import { hiddenFrom } from '#lib/access.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { type NodeType, parseId } from '#lib/ids.ts'
import { pageOf, sorted } from '#lib/page.ts'
import { asksOfCatalogs, filterModels, modelOrders } from '../model-filter.ts'
import type { Registries } from '../registries.ts'
import type { ModelEntry, RegistryIndex, VersionEntry } from '../registry-index.ts'
import { findRun, type RunEntry } from '../run.ts'
import type { ModelOrder, QueryResolvers } from '../schema.generated.ts'

/** The look-ups by id that root fields and references share. Each answers null where there is none, or none to be seen. */
export interface Lookups {
  model(id: string, context: RequestContext): Promise<ModelEntry | null>
  modelVersion(id: string, context: RequestContext): Promise<VersionEntry | null>
  trainingRun(id: string, context: RequestContext): Promise<RunEntry | null>
}

export function createLookups(registries: Registries, renamed: ReadonlyMap<string, string>): Lookups {
  return {
    async model(id, context) {
      const found = await registries.indexOf(id, 'Model', context)
      return found?.index.modelByName.get(found.rest[0] ?? '') ?? null
    },
    async modelVersion(id, context) {
      const found = await registries.indexOf(id, 'ModelVersion', context)
      const [name = '', version] = found?.rest ?? []
      const { versions = [] } = found?.index.modelByName.get(name) ?? {}
      return versions.find(({ record }) => record.version === version) ?? null
    },
    async trainingRun(id, context) {
      const [source = '', runId = ''] = partsOf(id, 'TrainingRun', renamed)
      const registry = registries.byId(source)
      if (!registry) return null
      const found = await findRun(registries, registry, runId, context)
      if (!found.run && found.failure) throw graphqlFailure(found.failure)
      return found.run
    },
  }
}

function partsOf(id: string, type: NodeType, renamed: ReadonlyMap<string, string>): readonly string[] {
  const parsed = parseId(id, renamed)
  return parsed?.type === type ? parsed.parts : []
}

/** `Query.models` and the look-ups by id. */
export function queryResolvers(registries: Registries, lookups: Lookups, config: Config): QueryResolvers {
  const ordered = orderedModels()
  return {
    async models(_, { first, after, where, orderBy }, context) {
      const { views, incomplete } = await registries.indexes(context)
      const order = orderBy ?? 'NAME'
      const seen = ordered(
        views.map((view) => view.seen),
        order,
      )
      const models = where ? filterModels(seen, where, config) : seen
      // All that is hidden, whether or not it fits the filter: else the count would tell what is in it.
      const hidden = views.flatMap(({ registry, seen, whole }) =>
        hiddenFrom(registry.id, whole.models.length - seen.models.length),
      )
      const silent = where && asksOfCatalogs(where) ? await registries.silentClaims(context) : []
      const missing = [
        ...[...incomplete, ...hidden].filter(({ source }) => where?.source == null || where.source === source),
        ...silent,
      ]
      return pageOf(models, modelOrders[order], { first, after }, config.gateway.limits.pageSize, missing)
    },
    model: (_, { id }, context) => lookups.model(id, context),
    modelVersion: (_, { id }, context) => lookups.modelVersion(id, context),
    trainingRun: (_, { id }, context) => lookups.trainingRun(id, context),
  }
}

/** Models of all registries in an order, sorted anew only when an index was read anew, or is another caller's. */
function orderedModels(): (indexes: readonly RegistryIndex[], order: ModelOrder) => readonly ModelEntry[] {
  type Ordered = { readonly indexes: readonly RegistryIndex[]; readonly models: readonly ModelEntry[] }
  const keptBy = new WeakMap<RegistryIndex, Map<ModelOrder, Ordered>>()
  return (indexes, order) => {
    const [first] = indexes
    if (!first) return []
    const kept = keptBy.get(first) ?? new Map<ModelOrder, Ordered>()
    keptBy.set(first, kept)
    const known = kept.get(order)
    if (known && known.indexes.length === indexes.length && known.indexes.every((one, i) => one === indexes[i])) {
      return known.models
    }
    const models = sorted(
      indexes.flatMap((index) => index.models),
      modelOrders[order],
    )
    kept.set(order, { indexes, models })
    return models
  }
}
