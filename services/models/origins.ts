import type { Incomplete, Link } from '#lib/common.generated.ts'
import { judge, type ServedIdentity, type VersionIdentity } from '#lib/matching.ts'
import { byCodePoint } from '#lib/order.ts'
import type { RegistryIndex, VersionEntry } from './registry-index.ts'

/** A registered version that a served model can be. */
export interface Origin {
  readonly modelVersion: VersionEntry
  readonly link: Link
}

/** What identifies a version to the matching function. */
function identityOf({ source, model, record }: VersionEntry): VersionIdentity {
  const { version, runId, artifactUri, loggedModelId } = record
  return { registry: source, model: model.record.name, version, runId, artifactUri, loggedModelId }
}

/** Which versions of a registry a served model can be, best first, and the models whose version cannot be told. */
export function originsOf(
  index: RegistryIndex,
  served: ServedIdentity,
): { origins: Origin[]; unmatched: Incomplete[] } {
  const origins: Origin[] = []
  const models = new Map<string, { source: string; link: Link }>()
  for (const modelVersion of candidates(index, served)) {
    const verdict = judge(identityOf(modelVersion), served)
    if (verdict.same === 'yes') origins.push({ modelVersion, link: verdict.link })
    if (verdict.same === 'model')
      models.set(modelVersion.model.record.name, { source: modelVersion.source, link: verdict.link })
  }
  for (const { modelVersion } of origins) models.delete(modelVersion.model.record.name)
  const unmatched = [...models].map(([name, { source, link }]): Incomplete => {
    const message = `This is model ${name} of ${source} (${link.evidence}), and nothing tells which version: let the server declare it, or configure it under links.`
    return { source, reason: 'UNMATCHED', message, count: null }
  })
  return { origins, unmatched }
}

/** Best evidence first, then by id. */
export function byEvidence(a: Origin, b: Origin): number {
  return b.link.confidence - a.link.confidence || byCodePoint(a.modelVersion.id, b.modelVersion.id)
}

/** Every version that anything about the served model could point at: few, since judging all of them would cost too much. */
function candidates(index: RegistryIndex, { name, declared }: ServedIdentity): Set<VersionEntry> {
  const uri = declared?.artifactUri ?? null
  const names = [name, declared?.modelName, modelNameIn(uri)].filter((one) => one != null)
  return new Set([
    ...names.flatMap((one) => index.modelByName.get(one)?.versions ?? []),
    ...(index.versionsByRun.get(declared?.runId ?? '') ?? []),
    ...(index.versionsByLoggedModel.get(
      declared?.loggedModelId ?? /^models:\/(m-[0-9a-f]+)$/.exec(uri ?? '')?.[1] ?? '',
    ) ?? []),
    ...(index.versionsByArtifact.get(uri ?? '') ?? []),
  ])
}

function modelNameIn(uri: string | null): string | undefined {
  return /^models:\/(.+)(?:\/\d+|@[^@/]+)$/.exec(uri ?? '')?.[1]
}
