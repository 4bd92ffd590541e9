import { once } from '#lib/once.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import type { Resolvers } from './schema.generated.ts'
import { type SourceTypeOf, sourceRecords } from './source-records.ts'

/** The platform itself: what is configured, who asks, and any thing by its id. Asks no tool anything. */
export function createPlatformSubgraph({ config }: SubgraphOptions, sourceTypeOf: SourceTypeOf): Subgraph {
  const sources = sourceRecords(config, sourceTypeOf)
  const byId = new Map(sources.map((source) => [source.id, source]))
  const resolveSource = ({ id }: { id: string }) => byId.get(id) ?? null
  const resolvers: Resolvers = {
    Query: {
      sources: () => sources,
      me: (_, __, { caller }) => ({ ...caller, name: caller.name ?? null }),
    },
    RegistrySource: { __resolveReference: resolveSource },
    CatalogSource: { __resolveReference: resolveSource },
    ServingSource: { __resolveReference: resolveSource },
    CiSource: { __resolveReference: resolveSource },
    MonitoringSource: { __resolveReference: resolveSource },
  }
  const schema = once(() => executableSchema('platform', resolvers))
  return {
    name: 'platform',
    get schema() {
      return schema()
    },
    sources: [],
    start: async () => {},
    close: async () => {},
  }
}
