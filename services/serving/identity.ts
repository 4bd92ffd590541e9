import type { Config } from '#lib/config/schema.ts'
import { type Declared, trust } from '#lib/matching.ts'

/** What a server itself says of the model that it has loaded. */
export type Told = Omit<Declared, 'registry' | 'link'>

/** A server that says nothing. */
export const UNTOLD: Told = { modelName: null, modelVersion: null, runId: null, loggedModelId: null, artifactUri: null }

/** The registry that a source's models are of: the one it names, else the only one there is; null: not said. */
export function registryOf(named: string | undefined, registries: readonly string[]): string | null {
  const [only, ...others] = registries
  return named ?? (others.length === 0 ? only : undefined) ?? null
}

/**
 * What `links` of the configuration state of a served model; undefined: nothing. A link that names the version beats one
 * for every version. Where a link names no version of the registry, the one that the server tells is meant: by the run or
 * logged model where it tells that, else by its version.
 */
export function linkedIdentity(
  links: Config['links'],
  source: string,
  served: { readonly name: string; readonly version: string | null },
  told: Told,
): Declared | undefined {
  const candidates = links.filter((link) => link.served.source === source && link.served.model === served.name)
  const link =
    candidates.find((one) => one.served.version !== undefined && one.served.version === served.version) ??
    candidates.find((one) => one.served.version === undefined)
  if (!link) return undefined
  const { registry, model, version } = link.is
  const artifactTold = told.runId !== null || told.loggedModelId !== null
  const modelVersion = version ?? (artifactTold ? null : (told.modelVersion ?? served.version))
  const evidence = `the configuration states under links what ${source} calls ${served.name}`
  return {
    ...{ ...told, registry, modelName: model, modelVersion },
    link: { method: 'CONFIGURED', confidence: trust.CONFIGURED, evidence },
  }
}
