import type { Access, Guarded } from '#lib/access.ts'
import type { Caller } from '#lib/caller.ts'
import type { Incomplete, Link, OwnerClaim } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { type DatasetKey, datasetId } from '#lib/dataset-name.ts'
import { makeId } from '#lib/ids.ts'
import { type Order, sorted } from '#lib/page.ts'
import { ownerClaim } from '#lib/people.ts'
import type { ApplicationKind } from './schema.generated.ts'

/** Stands for the source in ids of what the configuration states; no source can be called so. */
const CONFIGURATION = 'modelops.yaml'

/** A thing by its id; what else is known of it is known by its own subgraph, or stands beside. */
export interface ThingReference {
  readonly __typename: 'Endpoint' | 'Model' | 'Dataset'
  readonly id: string
}

/** A business application. */
export interface ApplicationEntry {
  readonly id: string
  /** What states it. */
  readonly source: string
  readonly name: string
  readonly kind: ApplicationKind
  readonly description: string | null
  readonly owners: readonly OwnerClaim[] | null
  readonly domain: string | null
  readonly criticality: string | null
  readonly webUrl: string | null
  readonly things: readonly ThingReference[]
  readonly datasets: readonly DatasetKey[]
  /** Why it is held to stand on what it does. */
  readonly link: Link
}

/** All applications. */
export interface Applications {
  /** By name. */
  readonly all: readonly ApplicationEntry[]
  readonly byId: ReadonlyMap<string, ApplicationEntry>
  /** Those that stand on a thing, by its id; on a dataset, by the id of any of its names. */
  on(ids: readonly string[]): readonly ApplicationEntry[]
  mayBeSeen(application: ApplicationEntry, caller: Caller): boolean
  /** What of these the caller may see, and how many not. */
  seen(
    applications: readonly ApplicationEntry[],
    caller: Caller,
  ): { seen: readonly ApplicationEntry[]; incomplete: readonly Incomplete[] }
  /** What is missing where no application is known at all. */
  readonly incomplete: readonly Incomplete[]
}

export const byApplicationName: Order<ApplicationEntry> = { name: 'NAME', keys: ({ name, id }) => [name, id] }

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No application is configured, so nothing is known of what stands on this: add them under applications.',
  count: null,
}

const KINDS: Readonly<Record<Config['applications'][number]['kind'], ApplicationKind>> = {
  dashboard: 'DASHBOARD',
  service: 'SERVICE',
  report: 'REPORT',
  'data-product': 'DATA_PRODUCT',
  decision: 'DECISION',
  other: 'OTHER',
}

/** The applications that the configuration states. */
export function configuredApplications({ applications, people }: Config, access: Access): Applications {
  const all = sorted(
    applications.map((one) => applicationOf(one, people)),
    byApplicationName,
  )
  const byThing = new Map<string, ApplicationEntry[]>()
  for (const application of all) {
    const { things, datasets } = application
    for (const id of new Set([...things.map((thing) => thing.id), ...datasets.map(datasetId)])) {
      byThing.set(id, [...(byThing.get(id) ?? []), application])
    }
  }
  return {
    all,
    byId: new Map(all.map((one) => [one.id, one])),
    on: (ids) => sorted([...new Set(ids.flatMap((id) => byThing.get(id) ?? []))], byApplicationName),
    mayBeSeen: (application, caller) => access.visible(caller, guarded(application)),
    seen(some, caller) {
      const { seen, incomplete } = access.visibleOf(caller, some.map(guarded))
      return { seen: seen.map(({ application }) => application), incomplete }
    },
    incomplete: all.length === 0 ? [NONE] : [],
  }
}

function guarded(application: ApplicationEntry): Guarded & { readonly application: ApplicationEntry } {
  const { source, domain, owners } = application
  return { source, domain, owners: owners?.map(({ name }) => name) ?? [], application }
}

function applicationOf(
  { id, name, kind, owner, models, endpoints, ...rest }: Config['applications'][number],
  people: Config['people'],
): ApplicationEntry {
  const evidence = `application ${id} of the configuration`
  return {
    ...{ id: makeId('Application', CONFIGURATION, id), source: CONFIGURATION, name, kind: KINDS[kind] },
    description: rest.description ?? null,
    owners: owner === undefined ? null : [ownerClaim({ name: owner, kind: 'UNKNOWN', evidence }, people)],
    domain: rest.domain ?? null,
    criticality: rest.criticality ?? null,
    webUrl: rest.webUrl ?? null,
    things: [
      ...endpoints.map(({ source, key }) => ({
        __typename: 'Endpoint' as const,
        id: makeId('Endpoint', source, key),
      })),
      ...models.map((model) => ({ __typename: 'Model' as const, id: makeId('Model', model.registry, model.name) })),
    ],
    datasets: rest.datasets,
    link: { method: 'CONFIGURED', confidence: 1, evidence },
  }
}
