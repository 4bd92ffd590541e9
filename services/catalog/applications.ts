import type { Access, Guarded } from '#lib/access.ts'
import type { Incomplete, Link, OwnerClaim } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { type DatasetKey, datasetId } from '#lib/dataset-name.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { type Order, sorted } from '#lib/page.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { Catalog } from './catalog.ts'
import type { ApplicationKind } from './schema.generated.ts'
import type { ApplicationIndex } from './told-applications.ts'

/** A thing by its id; what else is known of it is known by its own subgraph, or stands beside. */
export interface ThingReference {
  readonly __typename: 'Endpoint' | 'Model' | 'Dataset'
  readonly id: string
}

/** A business application. */
export interface ApplicationEntry {
  readonly id: string
  /** What tells it. */
  readonly source: string
  readonly name: string
  readonly kind: ApplicationKind
  readonly description: string | null
  readonly owners: readonly OwnerClaim[] | null
  readonly domain: string | null
  readonly criticality: string | null
  readonly webUrl: string | null
  /** What it stands on, with the reason. null: its catalog has to be asked. */
  readonly stated: {
    readonly things: readonly ThingReference[]
    readonly datasets: readonly DatasetKey[]
    readonly link: Link
  } | null
  /** The catalog that tells it, and what that calls it. null: the configuration states it. */
  readonly told: { readonly catalog: Catalog; readonly address: string; readonly fetchedAt: Date } | null
}

/** All applications, as one request sees them. */
interface KnownApplications {
  /** By name. */
  readonly all: readonly ApplicationEntry[]
  readonly byId: ReadonlyMap<string, ApplicationEntry>
  /** Those that are stated to stand on a thing, by its id; on a dataset, by the id of any of its names. */
  stated(ids: readonly string[]): readonly ApplicationEntry[]
  /** What catalogs tell of applications, by the id of the source. Absent: it tells none, or could not be asked. */
  readonly indexes: ReadonlyMap<string, ApplicationIndex>
  /** Catalogs that could not be read. */
  readonly incomplete: readonly Incomplete[]
}

/** The applications of the configuration and of catalogs. */
export interface Applications {
  known(context: RequestContext): Promise<KnownApplications>
  /** The application of an id; null: there is none, or the caller may not see it. Throws a GraphQLError when its catalog cannot be read. */
  find(id: string, context: RequestContext): Promise<ApplicationEntry | null>
  /** What of these the caller may see, and how many not. */
  seen(
    applications: readonly ApplicationEntry[],
    context: RequestContext,
  ): { seen: readonly ApplicationEntry[]; incomplete: readonly Incomplete[] }
  /** What is missing where nothing could know of any: of all things, and of things that only the configuration knows of. */
  readonly none: { readonly anywhere: readonly Incomplete[]; readonly configured: readonly Incomplete[] }
}

export const byApplicationName: Order<ApplicationEntry> = { name: 'NAME', keys: ({ name, id }) => [name, id] }

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No application is configured, so nothing is known of what stands on this: add them under applications.',
  count: null,
}

/** `renamed`: former ids of sources and the present ones. */
export function createApplications(
  configured: readonly ApplicationEntry[],
  catalogs: readonly Catalog[],
  renamed: ReadonlyMap<string, string>,
  access: Access,
): Applications {
  const byThing = new Map<string, ApplicationEntry[]>()
  for (const application of configured) {
    const { things = [], datasets = [] } = application.stated ?? {}
    for (const id of new Set([...things.map((thing) => thing.id), ...datasets.map(datasetId)])) {
      byThing.set(id, [...(byThing.get(id) ?? []), application])
    }
  }
  const telling = catalogs.filter(({ applications }) => applications !== undefined)
  const readings = perRequest(async (context) => {
    const found = await Promise.all(
      telling.map(async ({ id, applications }) => [id, await applications?.read(context)] as const),
    )
    return new Map(
      found.flatMap(([id, reading]): [string, Reading<ApplicationIndex>][] => (reading ? [[id, reading]] : [])),
    )
  })
  const known = perRequest(async (context): Promise<KnownApplications> => {
    const read = await readings(context)
    const indexes = new Map([...read].flatMap(([id, { value }]) => (value ? [[id, value] as const] : [])))
    const told = [...indexes.values()].flatMap(({ byAddress }) => [...byAddress.values()])
    const all = sorted([...configured, ...told], byApplicationName)
    return {
      ...{ all, indexes },
      byId: new Map(all.map((one) => [one.id, one])),
      stated: (ids) => [...new Set(ids.flatMap((id) => byThing.get(id) ?? []))],
      incomplete: [...read.values()].flatMap((reading) => [
        ...(reading.value?.incomplete ?? []),
        ...missingFrom(reading, 'the applications it knows'),
      ]),
    }
  })
  return {
    known,
    find: async (id, context) => {
      const parsed = parseId(id, renamed)
      if (parsed?.type !== 'Application') return null
      const [source = '', rest = ''] = parsed.parts
      const { byId } = await known(context)
      const found = byId.get(makeId('Application', source, rest))
      if (found) return access.visible(context.caller, guarded(found)) ? found : null
      const { failure, value } = (await readings(context)).get(source) ?? {}
      if (failure && !value) throw graphqlFailure(failure)
      return null
    },
    seen: (some, { caller }) => {
      const { seen, incomplete } = access.visibleOf(caller, some.map(guarded))
      return { seen: seen.map(({ application }) => application), incomplete }
    },
    none: {
      anywhere: configured.length + telling.length === 0 ? [NONE] : [],
      configured: configured.length === 0 ? [NONE] : [],
    },
  }
}

function guarded(application: ApplicationEntry): Guarded & { readonly application: ApplicationEntry } {
  const { source, domain, owners } = application
  return { source, domain, owners: owners?.map(({ name }) => name) ?? [], application }
}
