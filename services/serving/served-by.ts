import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { judge, judgeUnknown, modelKey, type ServedIdentity, type VersionIdentity, versionKeys } from '#lib/matching.ts'
import { type Order, sorted } from '#lib/page.ts'
import type { VersionCandidate } from './schema.generated.ts'
import type { ServedModelEntry } from './server-index.ts'
import type { Servers } from './servers.ts'

/** A registered version as the models subgraph hands it over, with what `@requires` asks of it. */
export type VersionReference = VersionCandidate & { readonly id: string }

/** A registered model, likewise. */
export interface ModelReference {
  readonly id: string
  readonly candidates: readonly VersionCandidate[]
}

/** Where something is served, and who could not be asked. */
export interface ServedByRecord {
  readonly nodes: readonly ServedVersionRecord[]
  readonly incomplete: readonly Incomplete[]
}

/** One place where a version is served, or a model whose version is not told (null). */
export interface ServedVersionRecord {
  readonly version: string | null
  readonly servedModel: ServedModelEntry
  readonly link: Link
  /** Id of the source that serves it. */
  readonly source: string
}

const byEvidence: Order<ServedVersionRecord> = {
  name: 'EVIDENCE',
  keys: ({ link, servedModel, version }) => [-link.confidence, ...[servedModel.endpoint.name, servedModel.id, version]],
}

/** Everywhere a version is served. A server that serves the model and does not tell which version is `incomplete`. */
export async function versionServedBy(
  servers: Servers,
  version: VersionIdentity,
  context: RequestContext,
): Promise<ServedByRecord> {
  const { nodes, incomplete } = await servedBy(servers, version.registry, versionKeys(version), context, (served) =>
    best([version], served),
  )
  const untold = nodes.filter((node) => node.version === null)
  return {
    nodes: nodes.filter((node) => node.version !== null),
    incomplete: [...incomplete, ...untold.map((node) => versionUntold(version, node))],
  }
}

/** Everything that is served of a model, whichever of its versions, and be it one that the registry does not have any more. */
export async function modelServedBy(
  servers: Servers,
  model: Pick<VersionIdentity, 'registry' | 'model'>,
  versions: readonly VersionIdentity[],
  context: RequestContext,
): Promise<ServedByRecord> {
  const known = new Set(versions.map(({ version }) => version))
  const keys = [modelKey(model.model), ...versions.flatMap(versionKeys)]
  return servedBy(servers, model.registry, keys, context, (served) => {
    const found = best(versions, served)
    const unknown = found.length === 0 ? judgeUnknown(model, known, served) : undefined
    return unknown ? [unknown] : found
  })
}

/** Of servers that do not answer, those are told that may serve models of the registry. `matchesOf`: which versions something that is served is, if any. */
async function servedBy(
  servers: Servers,
  registry: string,
  everyKey: readonly string[],
  context: RequestContext,
  matchesOf: (served: ServedModelEntry) => readonly Match[],
): Promise<ServedByRecord> {
  const { indexes, incomplete: silent } = await servers.indexes(context)
  const incomplete = silent.filter(({ source }) => !source || servers.mayServe(source, registry))
  const keys = [...new Set(everyKey)]
  // Few, since judging all that is served against all versions of a page of models would take seconds.
  const candidates = new Set(indexes.flatMap(({ servedByKey }) => keys.flatMap((key) => servedByKey.get(key) ?? [])))
  const matches = [...candidates].flatMap((servedModel) =>
    matchesOf(servedModel).map((match) => ({ ...match, servedModel, source: servedModel.source })),
  )
  const { seen, incomplete: hidden } = servers.access.visibleOf(context.caller, matches)
  return { nodes: sorted(seen, byEvidence), incomplete: [...incomplete, ...hidden] }
}

type Match = Pick<ServedVersionRecord, 'version' | 'link'>

/** The version that a served model is, or those that are equally sure; else the model alone; nothing where it is neither. */
function best(versions: readonly VersionIdentity[], served: ServedIdentity): readonly Match[] {
  const sure: Match[] = []
  let model: Match | undefined
  for (const version of versions) {
    const verdict = judge(version, served)
    if (verdict.same === 'yes') sure.push({ version: version.version, link: verdict.link })
    if (verdict.same === 'model') model ??= { version: null, link: verdict.link }
  }
  const most = Math.max(...sure.map(({ link }) => link.confidence))
  if (sure.length > 0) return sure.filter(({ link }) => link.confidence === most)
  return model ? [model] : []
}

function versionUntold({ model }: VersionIdentity, { source, link }: ServedVersionRecord): Incomplete {
  const message = `${source} serves ${model} (${link.evidence}), and nothing tells which version, so it may be this one: let the server declare it, or configure it under links.`
  return { source, reason: 'UNMATCHED', message, count: null }
}
