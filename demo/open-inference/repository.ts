import type { ModelState, ServedModelSpec } from './spec.ts'

/** A version and the state it is in now. */
export interface ServedModel {
  readonly spec: ServedModelSpec
  state: ModelState
}

export type Dialect = 'mlserver' | 'triton'

/**
 * Every version in the order given. Throws on two versions of the same name and version, and on what Triton could not
 * have in its folders (a version that is no positive number).
 */
export function createRepository(dialect: Dialect, specs: readonly ServedModelSpec[]): readonly ServedModel[] {
  const seen = new Set<string>()
  for (const { name, version } of specs) {
    const key = JSON.stringify([name, version])
    if (seen.has(key)) throw new Error(`The model ${describe(name, version)} is given twice: give each version once.`)
    seen.add(key)
    if (dialect === 'triton' && !/^[1-9][0-9]*$/.test(version ?? '')) {
      throw new Error(`Triton numbers its versions from 1: ${describe(name, version)} needs a version like "1".`)
    }
  }
  return specs.map((spec) => ({ spec, state: spec.state ?? 'ready' }))
}

/** Sets the state of one version. Throws when the repository has no such version. */
export function setState(
  models: readonly ServedModel[],
  name: string,
  version: string | undefined,
  state: ModelState,
): void {
  const model = named(models, name).find(({ spec }) => spec.version === version)
  if (!model) throw new Error(`The stand-in has no ${describe(name, version)}: name one of the models it was given.`)
  model.state = state
}

/** All versions of a name, in the order given. */
export function named(models: readonly ServedModel[], name: string): ServedModel[] {
  return models.filter(({ spec }) => spec.name === name)
}

/** Whether a load call fails on this version. */
export function failsToLoad({ spec }: ServedModel): boolean {
  return spec.loadFailure !== undefined || spec.state === 'failed'
}

function describe(name: string, version: string | undefined): string {
  return version === undefined ? `"${name}" without a version` : `"${name}" version "${version}"`
}
