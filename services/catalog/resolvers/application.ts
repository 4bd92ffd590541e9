import type { RequestContext } from '#lib/context.ts'
import { canonicalId, type NodeType } from '#lib/ids.ts'
import type { ApplicationEntry, Applications } from '../applications.ts'
import type { Catalogs } from '../catalogs.ts'
import type { ApplicationResolvers, ApplicationUses } from '../schema.generated.ts'
import type { Lookups } from './query.ts'

/** `Application`. */
export function applicationResolvers(catalogs: Catalogs, lookups: Lookups): ApplicationResolvers {
  return {
    __resolveReference: ({ id }, context) => lookups.application(id, context),
    dependsOn: async ({ things, datasets, link }, _, context) => {
      // A dataset is known by another name, maybe, than the one it is stated by.
      const views = await Promise.all(datasets.map((key) => catalogs.dataset(key, context)))
      const found = views.map((view) => ({ ...view, __typename: 'Dataset' as const }))
      const nodes = [...things, ...found].map((thing) => ({ thingId: thing.id, thing, link }))
      return { nodes, incomplete: [] }
    },
  }
}

/** `Endpoint.applications` and `Model.applications`: the way back. */
export function thingResolvers(type: NodeType, applications: Applications, renamed: ReadonlyMap<string, string>) {
  return {
    applications: ({ id }: { readonly id: string }, _: object, context: RequestContext) => {
      const present = canonicalId(type, id, renamed)
      return present === undefined ? null : usesOf(applications, [present], context)
    },
  }
}

/** What stands on the thing of these ids, as the caller may see it. */
export function usesOf(
  applications: Applications,
  ids: readonly string[],
  context: RequestContext,
): Omit<ApplicationUses, 'nodes'> & { nodes: { application: ApplicationEntry; link: ApplicationEntry['link'] }[] } {
  const { seen, incomplete } = applications.seen(applications.on(ids), context.caller)
  const nodes = seen.map((application) => ({ application, link: application.link }))
  return { nodes, incomplete: [...applications.incomplete, ...incomplete] }
}
