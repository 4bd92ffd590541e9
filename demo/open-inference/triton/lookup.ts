import { named, type ServedModel } from '../repository.ts'

/** Why Triton has no such model for the caller: the words and status are the same on metadata, configuration and infer. */
export interface Refusal {
  status: 400 | 404 | 503
  error: string
}

/** The versions Triton knows of a name, lowest first. It knows nothing of one it was never told to load. */
export function known(models: readonly ServedModel[], name: string): ServedModel[] {
  return named(models, name)
    .filter(({ state }) => state !== 'never-loaded')
    .sort((a, b) => number(a) - number(b))
}

/** The version asked for when it is ready, or the highest one that is. */
export function find(models: readonly ServedModel[], name: string, version?: string): ServedModel | Refusal {
  if (version !== undefined && BigInt(version) > 2n ** 63n - 1n) {
    const problem = `failed to get model version from specified version string '${version}' (details: stol)`
    return { status: 400, error: `${problem}, version should be an integral value > 0` }
  }
  const versions = known(models, name)
  if (versions.length === 0) return unknown(`'${name}' is not found`)
  if (version === undefined) {
    return versions.findLast(isReady) ?? unknown(`'${name}' has no available versions`)
  }
  const model = versions.find((candidate) => number(candidate) === Number(version))
  if (!model) return unknown(`'${name}' version ${Number(version)} is not found`)
  return isReady(model) ? model : unknown(`'${name}' version ${Number(version)} is not at ready state`, 503)
}

export function isRefusal(found: ServedModel | Refusal): found is Refusal {
  return 'error' in found
}

export function isReady({ state }: ServedModel): boolean {
  return state === 'ready'
}

function unknown(what: string, status: Refusal['status'] = 404): Refusal {
  return { status, error: `Request for unknown model: ${what}` }
}

function number({ spec }: ServedModel): number {
  return Number(spec.version)
}
