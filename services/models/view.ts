import type { Guarded, Scope } from '#lib/access.ts'
import type { Config } from '#lib/config/schema.ts'
import { domainOf, ownersOf } from './claims.ts'
import type { Registry } from './registry.ts'
import { indexOfModels, type ModelEntry, type RegistryIndex, withClaims } from './registry-index.ts'

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
  const models = whole.models.filter((model) => scope.sees(guardOf(model, config))).map((model) => shown(model, scope))
  const same = models.length === whole.models.length && models.every((model, i) => model === whole.models[i])
  return same ? whole : indexOfModels(models, whole.incomplete)
}

/** A model, and with it its versions, is guarded by what is known of it, by whichever source. */
function guardOf(model: ModelEntry, config: Config): Guarded {
  const owners = ownersOf(model, config)?.map(({ name }) => name) ?? []
  return { source: model.source, owners, domain: domainOf(model, config), tags: model.record.tags }
}

/** What a catalog says is guarded by that catalog and by what it says. */
function shown(model: ModelEntry, scope: Scope): ModelEntry {
  const { seen = [], hidden = [] } = Object.groupBy(model.claims, ({ source, domain, owners, tags }) => {
    return scope.sees({ source, domain, owners: owners?.map(({ name }) => name) ?? [], tags }) ? 'seen' : 'hidden'
  })
  return hidden.length === 0
    ? model
    : withClaims(
        model,
        seen,
        hidden.map(({ source }) => source),
      )
}
