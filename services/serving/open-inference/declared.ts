import type { AdapterContext } from '#lib/adapter.ts'
import { type Declared, trust } from '#lib/matching.ts'
import { linkedIdentity, registryOf, type Told } from '../identity.ts'
import type { Model } from './models.ts'
import type { openInferenceOptions } from './options.ts'

const words: Readonly<Record<keyof Told, string>> = {
  modelName: 'model',
  modelVersion: 'version',
  runId: 'run id',
  loggedModelId: 'logged model id',
  artifactUri: 'artifact',
}

/**
 * What is said about which registered model it is: by `links` of the configuration, else by the server, else by the
 * source's stated convention, which also completes what the server says. null: nothing.
 */
export function declaredOf(
  { name, version }: Model,
  told: Told,
  { source, links, registries }: Pick<AdapterContext<typeof openInferenceOptions>, 'source' | 'links' | 'registries'>,
): Declared | null {
  const linked = linkedIdentity(links, source.id, { name, version }, told)
  if (linked) return linked
  const registry = registryOf(source.registry, registries)
  const says = saying(told)
  if (source.convention && (told.modelName === null || told.modelVersion === null)) {
    const convention = `the configuration of ${source.id} states that names and versions are those of the registry`
    const evidence = says ? `${convention}; the server declares ${says}` : convention
    return {
      ...{ ...told, registry, modelName: told.modelName ?? name, modelVersion: told.modelVersion ?? version },
      link: { method: 'MATCHED', confidence: trust.MATCHED, evidence },
    }
  }
  if (says) {
    const link = { method: 'DECLARED', confidence: trust.DECLARED, evidence: `the server declares ${says}` } as const
    return { ...told, registry, link }
  }
  if (source.registry === undefined) return null
  const evidence = `the configuration of ${source.id} names its registry`
  return { ...told, registry, link: { method: 'CONFIGURED', confidence: trust.CONFIGURED, evidence } }
}

function saying(told: Told): string {
  const facts = Object.entries(words) as [keyof Told, string][]
  return facts.flatMap(([fact, word]) => (told[fact] === null ? [] : [`${word} = ${told[fact]}`])).join(', ')
}
