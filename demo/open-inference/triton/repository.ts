import { failsToLoad, named, type ServedModel } from '../repository.ts'
import { known } from './lookup.ts'

/** The answer of `/v2/repository/index`: by name, then version; a name that was never loaded stands alone. */
export function index(models: readonly ServedModel[], readyOnly: boolean): object[] {
  const names = [...new Set(models.map(({ spec }) => spec.name))]
  return names
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((name): object[] => {
      const versions = known(models, name)
      if (readyOnly) return versions.filter(({ state }) => state === 'ready').map(entry)
      return versions.length === 0 ? [{ name }] : versions.map(entry)
    })
}

/** Strict, as Triton is by default: one version that loads, unloads or failed keeps the whole server from being ready. */
export function serverReady(models: readonly ServedModel[]): boolean {
  return models.every(({ state }) => state === 'ready' || state === 'unloaded' || state === 'never-loaded')
}

/**
 * Loads every version of a name; when one fails, the others are taken back. Answers what Triton says of the failure, or
 * undefined. An unknown name is the caller's to refuse.
 */
export function load(models: readonly ServedModel[], name: string): string | undefined {
  const versions = named(models, name)
  const failed = versions.filter(failsToLoad)
  for (const model of versions) model.state = failed.length === 0 ? 'ready' : 'unloaded'
  for (const model of failed) model.state = 'failed'
  if (failed.length === 0) return undefined
  const reasons = failed.map((model) => `version ${model.spec.version} is at UNAVAILABLE state: ${failure(model)};\n`)
  return `load failed for model '${name}': ${reasons.join('')}`
}

/** Unloads what is loaded; a failed version stays failed, an unknown name is no error. */
export function unload(models: readonly ServedModel[], name: string): void {
  for (const model of named(models, name)) {
    if (model.state === 'ready' || model.state === 'loading') model.state = 'unloaded'
  }
}

function entry(model: ServedModel): object {
  const { name, version } = model.spec
  switch (model.state) {
    case 'failed':
      return { name, version, state: 'UNAVAILABLE', reason: failure(model) }
    case 'unloaded':
      return { name, version, state: 'UNAVAILABLE', reason: 'unloaded' }
    default:
      return { name, version, state: model.state.toUpperCase() }
  }
}

/** The traceback, server paths included, that Triton shows to anyone. */
function failure({ spec: { name, version, loadFailure } }: ServedModel): string {
  const file = `/srv/triton/repo/${name}/${version}/model.py`
  return loadFailure ?? `Internal: RuntimeError: weights missing\n\nAt:\n  ${file}(5): initialize\n`
}
