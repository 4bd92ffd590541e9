import DataLoader from 'dataloader'
import type { Access } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { type NodeType, parseId } from '#lib/ids.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import type { RecordCache } from '#lib/record-cache.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { ClaimSource, createDescriber } from './catalog-claims.ts'
import type { ArtifactRecord, LoggedModelRecord, RunRecord } from './port.ts'
import type { Registry } from './registry.ts'
import type { RegistryIndex } from './registry-index.ts'
import type { IndexView, ViewOf } from './view.ts'

/** A reading of one registry's index. */
interface IndexReading {
  readonly registry: Registry
  readonly reading: Reading<RegistryIndex>
}

/** Loaders of one registry, for one request. */
interface Loaders {
  readonly runs: DataLoader<string, Reading<RunRecord | null>>
  readonly loggedModels: DataLoader<string, Reading<LoggedModelRecord | null>>
  readonly artifacts: DataLoader<string, Reading<ArtifactRecord | null>>
}

/**
 * All registries, as one request and its caller see them: each index is read once, so that a whole answer is of one state,
 * and holds only what the caller may see, so that no field can show more.
 */
export interface Registries {
  readonly all: readonly Registry[]
  /** Every index that can be had, and what is missing because the others cannot. */
  indexes(context: RequestContext): Promise<{ views: readonly IndexView[]; incomplete: Incomplete[] }>
  /** The index of the registry that an id belongs to; undefined: no registry of that id. Throws a GraphQLError when it cannot be had. */
  indexOf(id: string, type: NodeType, context: RequestContext): Promise<Located | undefined>
  /**
   * Which runs of a registry the caller may see: all where they see the source as such, else those of versions they see.
   * Throws as `indexOf`.
   */
  runsSeen(registry: Registry, context: RequestContext): Promise<(runId: string) => boolean>
  loaders(registry: Registry, context: RequestContext): Loaders
  byId(source: string): Registry | undefined
  /** What of what catalogs say of models cannot be had. */
  silentClaims(context: RequestContext): Promise<readonly Incomplete[]>
}

/**
 * How long models wait, in milliseconds, for catalogs that were never read before: what they say is worth less than the
 * models.
 */
const CLAIMS_PATIENCE = 2_000

/** Where an id leads. */
interface Located {
  readonly registry: Registry
  /** The parts of the id behind the source. */
  readonly rest: readonly string[]
  readonly index: RegistryIndex
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No registry is configured, so nothing is known of models: add one under sources.',
  count: null,
}

/** `renamed`: former ids of sources and the present ones. */
export function createRegistries(
  all: readonly Registry[],
  renamed: ReadonlyMap<string, string>,
  access: Access,
  viewOf: ViewOf,
  claimSources: readonly ClaimSource[] = [],
  describe: ReturnType<typeof createDescriber> = (index) => index,
): Registries {
  const registryById = new Map(all.map((registry) => [registry.id, registry]))
  const readings = perRequest((context) => {
    return new Map(all.map((registry) => [registry, registry.index.read(context)] as const))
  })
  const loadersOf = perRequest(
    (context) => new Map(all.map((registry) => [registry, createLoaders(registry, context)])),
  )

  const claimReadings = perRequest(async (context) => {
    if (claimSources.length === 0) return []
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(CLAIMS_PATIENCE)])
    return Promise.all(claimSources.map(({ index }) => index.read({ ...context, signal })))
  })
  const described = async (index: RegistryIndex, context: RequestContext) => {
    const claims = (await claimReadings(context)).flatMap(({ value }) => value ?? [])
    return describe(index, claims)
  }

  async function silentClaims(context: RequestContext): Promise<Incomplete[]> {
    return (await claimReadings(context)).flatMap((reading) => [
      ...(reading.value?.incomplete ?? []),
      ...missingFrom(reading, 'what it says of models'),
    ])
  }

  async function indexes(context: RequestContext) {
    const read = await Promise.all(
      [...readings(context)].map(
        async ([registry, reading]): Promise<IndexReading> => ({ registry, reading: await reading }),
      ),
    )
    const views = await Promise.all(
      read.flatMap(({ registry, reading: { value } }) =>
        value
          ? [described(value, context).then((index) => viewOf(registry, index, access.scopeOf(context.caller)))]
          : [],
      ),
    )
    return {
      views,
      incomplete: all.length === 0 ? [NONE] : read.flatMap(missingFromIndex),
    }
  }

  async function indexOf(id: string, type: NodeType, context: RequestContext): Promise<Located | undefined> {
    const parsed = parseId(id, renamed)
    const [source = '', ...rest] = parsed?.parts ?? []
    const registry = parsed?.type === type ? registryById.get(source) : undefined
    if (!registry) return undefined
    const index = await seenOf(registry, context)
    return index && { registry, rest, index }
  }

  async function seenOf(registry: Registry, context: RequestContext): Promise<RegistryIndex | undefined> {
    const reading = await readings(context).get(registry)
    if (reading?.value) {
      const index = await described(reading.value, context)
      return viewOf(registry, index, access.scopeOf(context.caller)).seen
    }
    if (reading?.failure) throw graphqlFailure(reading.failure)
    return undefined
  }

  async function runsSeen(registry: Registry, context: RequestContext) {
    if (access.visible(context.caller, { source: registry.id })) return () => true
    const index = await seenOf(registry, context)
    return (runId: string) => index?.versionsByRun.has(runId) ?? false
  }

  function loaders(registry: Registry, context: RequestContext): Loaders {
    const made = loadersOf(context).get(registry)
    if (!made) throw new Error(`${registry.id} is none of the registries of this subgraph`)
    return made
  }

  return { all, indexes, indexOf, runsSeen, loaders, silentClaims, byId: (source) => registryById.get(source) }
}

function missingFromIndex({ reading }: IndexReading): readonly Incomplete[] {
  return reading.value?.incomplete ?? missingFrom(reading, 'its models')
}

function createLoaders(registry: Registry, context: RequestContext): Loaders {
  const loader = <V>(cache: RecordCache<V>) =>
    new DataLoader<string, Reading<V | null>>((keys) => cache.readMany(keys, context))
  return {
    runs: loader(registry.runs),
    loggedModels: loader(registry.loggedModels),
    artifacts: loader(registry.artifacts),
  }
}
