import { failsToLoad, named, type ServedModel } from '../repository.ts'

/** MLServer forgets a version that failed, was unloaded or was never loaded: metadata and readiness are then 404. */
export function registered(models: readonly ServedModel[]): ServedModel[] {
  return models.filter(({ state }) => state === 'ready' || state === 'loading')
}

/** The version asked for, or the default one: what every route but the index answers about. */
export function find(models: readonly ServedModel[], name: string, version?: string): ServedModel | undefined {
  const candidates = registered(named(models, name))
  if (version !== undefined) return candidates.find(({ spec }) => spec.version === version)
  return candidates.reduce<ServedModel | undefined>(
    (best, next) => (best && newer(best, next) ? best : next),
    undefined,
  )
}

/**
 * The state that the index shows: that of the name's default version, repeated for each of its versions, so a version
 * that failed beside one that is ready is called READY too (seen on 1.7.1).
 */
export function indexState(models: readonly ServedModel[], name: string): 'READY' | 'UNKNOWN' | 'UNAVAILABLE' {
  const model = find(models, name)
  if (!model) return 'UNAVAILABLE'
  return model.state === 'ready' ? 'READY' : 'UNKNOWN'
}

/** Loads all versions of a name in turn and stops at the first that fails; answers what that one says. */
export function load(models: readonly ServedModel[], name: string): string | undefined {
  for (const model of named(models, name)) {
    if (failsToLoad(model)) {
      // A reload that fails leaves the version that was ready in service.
      if (model.state !== 'ready') model.state = 'failed'
      return model.spec.loadFailure ?? `Invalid URI specified for model ${name} (/srv/mls/models/${name}/model.joblib)`
    }
    model.state = 'ready'
  }
  return undefined
}

/** Unloads all versions of a name; false when there is none to unload. A failed load counts as one. */
export function unload(models: readonly ServedModel[], name: string): boolean {
  const known = named(models, name).filter(({ state }) => ['ready', 'loading', 'failed'].includes(state))
  for (const model of known) model.state = 'unloaded'
  return known.length > 0
}

/** No version beats any version; numbers are compared as numbers, all else as text. */
function newer({ spec: { version: a } }: ServedModel, { spec: { version: b } }: ServedModel): boolean {
  if (a === undefined || b === undefined) return a === undefined
  const whole = /^-?\d+$/
  return whole.test(a) && whole.test(b) ? BigInt(a) > BigInt(b) : a > b
}
