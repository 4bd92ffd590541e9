import type { RequestContext } from '#lib/context.ts'
import { canonicalId } from '#lib/ids.ts'
import { provenanceOf } from '#lib/reading.ts'
import type { Applications } from '../applications.ts'
import type { Catalogs } from '../catalogs.ts'
import { applicationsOn, datasetsOf, dependenciesOf, startsOfModel } from '../neighbours.ts'
import type { ApplicationResolvers, EndpointResolvers, ModelResolvers } from '../schema.generated.ts'

/** `Application`. */
export function applicationResolvers(catalogs: Catalogs, applications: Applications): ApplicationResolvers {
  return {
    __resolveReference: ({ id }, context) => applications.find(id, context),
    dependsOn: (application, _, context) => dependenciesOf(application, catalogs, context),
    provenance: ({ told }) =>
      told && provenanceOf(told.catalog.source, told.catalog.applications?.age(told.fetchedAt) ?? { stale: false }),
  }
}

/** `Endpoint.applications`: the way back. No catalog knows endpoints. */
export function endpointResolvers(applications: Applications, renamed: ReadonlyMap<string, string>): EndpointResolvers {
  return {
    applications: async ({ id }, _, context) => {
      const present = canonicalId('Endpoint', id, renamed)
      if (present === undefined) return null
      const { nodes, incomplete } = await applicationsOn([present], [], applications, context)
      return { nodes, incomplete: [...applications.none.configured, ...incomplete] }
    },
  }
}

/** `Model`: the way back, and the data that catalogs say it is made from. */
export function modelResolvers(
  catalogs: Catalogs,
  applications: Applications,
  renamed: ReadonlyMap<string, string>,
): ModelResolvers {
  const of = <T>(id: string, then: (present: string) => Promise<T>): Promise<T> | null => {
    const present = canonicalId('Model', id, renamed)
    return present === undefined ? null : then(present)
  }
  return {
    applications: ({ id }, _, context) =>
      of(id, async (present) => {
        const starts = startsOfModel(present, catalogs)
        const { nodes, incomplete } = await applicationsOn([present], starts, applications, context)
        return { nodes, incomplete: [...applications.none.anywhere, ...incomplete] }
      }),
    statedInputs: ({ id }, _, context: RequestContext) => of(id, (present) => datasetsOf(present, catalogs, context)),
  }
}
