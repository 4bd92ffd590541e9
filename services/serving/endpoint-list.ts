import type { RequestContext } from '#lib/context.ts'
import { type Connection, type Order, type PageArguments, pageOf, sorted } from '#lib/page.ts'
import type { EndpointFilter } from './schema.generated.ts'
import type { EndpointEntry } from './server-index.ts'
import type { Servers } from './servers.ts'

/** What `Query.endpoints` is asked for. */
export interface ListArguments extends PageArguments {
  readonly where?: EndpointFilter | null | undefined
}

const byName: Order<EndpointEntry> = { name: 'NAME', keys: ({ name, id }) => [name, id] }

/** The page of all endpoints that a caller may see and a filter lets through. */
export async function listEndpoints(
  servers: Servers,
  { first, after, where }: ListArguments,
  maximum: number,
  context: RequestContext,
): Promise<Connection<EndpointEntry>> {
  const { indexes, incomplete } = await servers.indexes(context, where?.source ?? undefined)
  const all = indexes.flatMap(({ endpoints }) => endpoints)
  // Before the filter, so that the count of what is hidden does not tell what it would match.
  const { seen, incomplete: hidden } = servers.access.visibleOf(context.caller, all)
  const matching = where ? seen.filter((endpoint) => matches(endpoint, where)) : seen
  return pageOf(sorted(matching, byName), byName, { first, after }, maximum, [...incomplete, ...hidden])
}

function matches(endpoint: EndpointEntry, where: EndpointFilter): boolean {
  const { search, environment, production, state, modelName } = where
  const models = (endpoint.served ?? []).map(({ name }) => name)
  const text = search?.toLowerCase()
  return (
    (text === undefined || [endpoint.name, ...models].some((name) => name.toLowerCase().includes(text))) &&
    (environment == null || endpoint.environment === environment) &&
    (production == null || (endpoint.production ?? false) === production) &&
    (state == null || endpoint.state === state) &&
    (modelName == null || models.includes(modelName))
  )
}
