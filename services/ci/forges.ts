import DataLoader from 'dataloader'
import type { Access } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { perRequest } from '#lib/per-request.ts'
import type { RecordCache } from '#lib/record-cache.ts'
import type { RepositoryAddress } from '#lib/repository-url.ts'
import type { Reading } from '#lib/snapshot.ts'
import { type Forge, type Held, keyOf } from './forge.ts'
import type { CommitKey, CommitPart, CommitParts } from './port.ts'

/** Loaders of one forge, for one request: what is asked for at one time goes out as one batch. */
export type Loaders = {
  readonly [N in Exclude<keyof Held, 'parts'>]: Held[N] extends RecordCache<infer V>
    ? DataLoader<string, Reading<V | null>>
    : never
} & {
  part<P extends CommitPart>(commit: CommitKey, part: P): Promise<Reading<CommitParts[P] | null>>
}

/** A forge that has a repository, and its name for it. */
export interface Place {
  readonly forge: Forge
  readonly repository: string
}

/** Forges that may be asked, and those that may not. */
interface Accessible<T> {
  readonly seen: readonly T[]
  readonly incomplete: readonly Incomplete[]
}

/** All forges, as one request sees them. */
export interface Forges {
  /** Those that a caller may see. Everything that is read of forges is read through these. */
  all(context: RequestContext): Accessible<Forge>
  /** Those that have a repository. */
  placesOf(address: RepositoryAddress, context: RequestContext): Accessible<Place>
  /** The forge of an id, if the caller may see it. */
  byId(source: string, context: RequestContext): Forge | undefined
  /** What the graph says of a source itself. */
  source(id: string): Forge | undefined
  loaders(forge: Forge, context: RequestContext): Loaders
}

export function createForges(every: readonly Forge[], access: Access): Forges {
  const forgeById = new Map(every.map((forge) => [forge.id, forge]))
  const made = perRequest((context) => new Map(every.map((forge) => [forge, createLoaders(forge, context)])))

  const all = perRequest(({ caller }: RequestContext): Accessible<Forge> => {
    const guarded = every.map((forge) => ({ forge, source: forge.id }))
    const { seen, incomplete } = access.visibleOf(caller, guarded)
    return { seen: seen.map(({ forge }) => forge), incomplete }
  })

  return {
    all,
    placesOf(address, context) {
      const { seen, incomplete } = all(context)
      const places = seen.flatMap((forge) => {
        const repository = forge.connected.port.places.repositoryOf(address)
        return repository === undefined ? [] : [{ forge, repository }]
      })
      const relevant = incomplete.filter(
        ({ source }) => forgeById.get(source ?? '')?.connected.port.places.repositoryOf(address) !== undefined,
      )
      return { seen: places, incomplete: relevant }
    },
    byId: (source, context) => all(context).seen.find(({ id }) => id === source),
    source: (id) => forgeById.get(id),
    loaders(forge, context) {
      const loaders = made(context).get(forge)
      if (!loaders) throw new Error(`${forge.id} is none of the sources of this subgraph`)
      return loaders
    },
  }
}

function createLoaders({ held }: Forge, context: RequestContext): Loaders {
  const loader = <V>(cache: RecordCache<V>) =>
    new DataLoader<string, Reading<V | null>>((keys) => cache.readMany(keys, context))
  const parts = loader(held.parts)
  return {
    part: <P extends CommitPart>({ repository, sha }: CommitKey, part: P) =>
      // The key says which part it is.
      parts.load(keyOf(repository, sha, part)) as Promise<Reading<CommitParts[P] | null>>,
    fullShas: loader(held.fullShas),
    pullRequests: loader(held.pullRequests),
    reviews: loader(held.reviews),
    runs: loader(held.runs),
    jobs: loader(held.jobs),
    latestRuns: loader(held.latestRuns),
  }
}
