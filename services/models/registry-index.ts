import type { Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { makeId } from '#lib/ids.ts'
import type { ClaimEntry } from './catalog-claims.ts'
import type { ModelList, ModelRecord, VersionRecord } from './port.ts'
import type { Registry } from './registry.ts'
import type { ChampionDeclarationKind } from './schema.generated.ts'

/** A registered model in the index. */
export interface ModelEntry {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly registry: Registry
  readonly record: ModelRecord
  /** Newest first. */
  readonly versions: readonly VersionEntry[]
  readonly champion: Champion | null
  readonly fetchedAt: Date
  /** What of its versions is not in the index, if anything. */
  readonly incomplete: readonly Incomplete[]
  /** What catalogs say of it, in the order of the configuration. */
  readonly claims: readonly ClaimEntry[]
  /** Catalogs whose claims the caller may not see. */
  readonly hiddenClaims: readonly string[]
}

/** A registered version in the index. */
export interface VersionEntry {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly model: ModelEntry
  readonly record: VersionRecord
}

/** Which version is declared to be in production, and by what. */
export interface Champion {
  readonly version: VersionEntry
  readonly kind: ChampionDeclarationKind
  readonly name: string
  readonly others: readonly VersionEntry[]
}

/** Everything of one registry that is listed, filtered and joined on. */
export interface RegistryIndex {
  readonly models: readonly ModelEntry[]
  /** What is not in it, since there is more than may be held. */
  readonly incomplete: readonly Incomplete[]
  readonly modelByName: ReadonlyMap<string, ModelEntry>
  readonly versionsByRun: ReadonlyMap<string, readonly VersionEntry[]>
  readonly versionsByLoggedModel: ReadonlyMap<string, readonly VersionEntry[]>
  readonly versionsByArtifact: ReadonlyMap<string, readonly VersionEntry[]>
}

/** Builds the index of a registry from what its tool listed. */
export function buildIndex(
  registry: Registry,
  { models: records, truncated }: ModelList,
  production: Config['production'],
  fetchedAt: Date,
): RegistryIndex {
  const read = records.reduce((sum, { versions }) => sum + versions.length, 0)
  const incomplete = truncated ? [tooMany(registry.id, read)] : []
  const models = records.map((record) => indexed(registry, record, production, fetchedAt, incomplete))
  return indexOfModels(models, incomplete)
}

/** The index of some of the models of a registry. */
export function indexOfModels(models: readonly ModelEntry[], incomplete: readonly Incomplete[]): RegistryIndex {
  const versions = models.flatMap((model) => model.versions)
  return {
    models,
    incomplete,
    modelByName: new Map(models.map((model) => [model.record.name, model])),
    versionsByRun: grouped(versions, ({ record }) => record.runId),
    versionsByLoggedModel: grouped(versions, ({ record }) => record.loggedModelId),
    versionsByArtifact: grouped(versions, ({ record }) => record.artifactUri),
  }
}

function tooMany(source: string, read: number): Incomplete {
  const message = `${source} has more versions than may be held, so only the ${read} that were updated last are here: raise index.maxVersions, or delete old versions.`
  return { source, reason: 'TRUNCATED', message, count: null }
}

function indexed(
  registry: Registry,
  record: ModelRecord,
  production: Config['production'],
  fetchedAt: Date,
  incomplete: readonly Incomplete[],
): ModelEntry {
  const source = registry.id
  const versions: VersionEntry[] = []
  const model: { -readonly [K in keyof ModelEntry]: ModelEntry[K] } = {
    id: makeId('Model', source, record.name),
    ...{ source, registry, record, versions, fetchedAt, incomplete, champion: null },
    ...{ claims: [], hiddenClaims: [] },
  }
  for (const version of record.versions) {
    const id = makeId('ModelVersion', source, record.name, version.version)
    versions.push({ id, source, model, record: version })
  }
  model.champion = championOf(model, production)
  return model
}

/** The same model with what catalogs say of it; its versions are made anew, since they lead back to it. */
export function withClaims(
  model: ModelEntry,
  claims: readonly ClaimEntry[],
  hiddenClaims: readonly string[] = [],
): ModelEntry {
  const versions: VersionEntry[] = []
  const described: { -readonly [K in keyof ModelEntry]: ModelEntry[K] } = { ...model, versions, claims, hiddenClaims }
  const renewed = new Map(model.versions.map((version) => [version, { ...version, model: described }]))
  versions.push(...renewed.values())
  const { champion } = model
  if (champion) {
    const others = champion.others.flatMap((other) => renewed.get(other) ?? [])
    described.champion = { ...champion, version: renewed.get(champion.version) ?? champion.version, others }
  }
  return described
}

/** The first configured alias that the model has, else the newest version in the first configured stage that has any. */
function championOf({ record, versions }: ModelEntry, { aliases, stages }: Config['production']): Champion | null {
  for (const name of aliases) {
    const target = record.aliases.find((alias) => alias.name === name)?.version
    const version = versions.find((one) => one.record.version === target)
    if (version) return { version, kind: 'ALIAS', name, others: [] }
  }
  for (const name of stages) {
    const [version, ...others] = versions.filter((one) => one.record.stage === name)
    if (version) return { version, kind: 'STAGE', name, others }
  }
  return null
}

function grouped(
  versions: readonly VersionEntry[],
  key: (version: VersionEntry) => string | null,
): ReadonlyMap<string, readonly VersionEntry[]> {
  const map = new Map<string, VersionEntry[]>()
  for (const version of versions) {
    const value = key(version)
    if (value === null) continue
    const group = map.get(value)
    if (group) group.push(version)
    else map.set(value, [version])
  }
  return map
}
