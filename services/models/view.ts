import type { Guarded, Scope } from '#lib/access.ts'
import type { Config } from '#lib/config/schema.ts'
import { ownersOf, tagValue } from './claims.ts'
import type { Registry } from './registry.ts'
import { indexOfModels, type ModelEntry, type RegistryIndex } from './registry-index.ts'

/** The index of one registry as some callers see it. */
export interface IndexView {
  readonly registry: Registry
  /** What they may see. */
  readonly seen: RegistryIndex
  /** Everything, to count what is hidden; the same object where nothing is. */
  readonly whole: RegistryIndex
}

/** The view of an index for a scope. */
export type ViewOf = (registry: Registry, whole: RegistryIndex, scope: Scope) => IndexView

/** Makes views and keeps them as long as the index: one for all callers of a scope. */
export function createViews(config: Config): ViewOf {
  const kept = new WeakMap<RegistryIndex, Map<Scope, IndexView>>()
  return (registry, whole, scope) => {
    const views = kept.get(whole) ?? new Map<Scope, IndexView>()
    kept.set(whole, views)
    const view = views.get(scope) ?? { registry, whole, seen: seenOf(whole, scope, config) }
    views.set(scope, view)
    return view
  }
}

function seenOf(whole: RegistryIndex, scope: Scope, config: Config): RegistryIndex {
  const models = whole.models.filter((model) => scope.sees(guardOf(model, config)))
  return models.length === whole.models.length ? whole : indexOfModels(models, whole.incomplete)
}

/** A model, and with it its versions, is guarded by what the graph shows of it. */
function guardOf({ source, record }: ModelEntry, config: Config): Guarded {
  const owners = ownersOf(record, config)?.map(({ name }) => name) ?? []
  return { source, owners, domain: tagValue(record.tags, config.tags.domain), tags: record.tags }
}
