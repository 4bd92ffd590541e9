import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { type NodeType, parseId } from '#lib/ids.ts'
import { pageOf, sorted } from '#lib/page.ts'
import { visible, visibleOf } from '#lib/visible.ts'
import { modelFilter, modelOrders } from '../model-filter.ts'
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
      const model = found?.index.modelByName.get(found.rest[0] ?? '')
      return model && visible(context.caller, model) ? model : null
    },
    async modelVersion(id, context) {
      const found = await registries.indexOf(id, 'ModelVersion', context)
      const [name = '', version] = found?.rest ?? []
      const one = found?.index.modelByName.get(name)?.versions.find(({ record }) => record.version === version)
      return one && visible(context.caller, one) ? one : null
    },
    async trainingRun(id, context) {
      const [source = '', runId = ''] = partsOf(id, 'TrainingRun', renamed)
      const registry = registries.byId(source)
      if (!registry) return null
      const found = await findRun(registries, registry, runId, context)
      if (found.run) return visible(context.caller, found.run) ? found.run : null
      if (found.failure) throw graphqlFailure(found.failure)
      return null
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
      const { indexes, incomplete } = await registries.indexes(context)
      const order = orderBy ?? 'NAME'
      const all = where ? ordered(indexes, order).filter(modelFilter(where, config)) : ordered(indexes, order)
      const { seen, incomplete: hidden } = visibleOf(context.caller, all)
      const missing = incomplete.filter(({ source }) => where?.source == null || where.source === source)
      return pageOf(seen, modelOrders[order], { first, after }, config.gateway.limits.pageSize, [...missing, ...hidden])
    },
    model: (_, { id }, context) => lookups.model(id, context),
    modelVersion: (_, { id }, context) => lookups.modelVersion(id, context),
    trainingRun: (_, { id }, context) => lookups.trainingRun(id, context),
  }
}

/** Models of all registries in an order, sorted anew only when an index was read anew. */
function orderedModels(): (indexes: readonly RegistryIndex[], order: ModelOrder) => readonly ModelEntry[] {
  const kept = new Map<ModelOrder, { indexes: readonly RegistryIndex[]; models: readonly ModelEntry[] }>()
  return (indexes, order) => {
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
