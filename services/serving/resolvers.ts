import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { type NodeType, parseId } from '#lib/ids.ts'
import type { VersionIdentity } from '#lib/matching.ts'
import { provenanceOf } from '#lib/reading.ts'
import { listEndpoints } from './endpoint-list.ts'
import type { Resolvers, VersionCandidate } from './schema.generated.ts'
import { modelServedBy, versionServedBy } from './served-by.ts'
import type { EndpointEntry } from './server-index.ts'
import type { Servers } from './servers.ts'

/** The subgraph's resolvers. `renamed`: former ids of sources and the present ones. */
export function createResolvers(servers: Servers, config: Config, renamed: ReadonlyMap<string, string>): Resolvers {
  const endpoint = async (id: string, context: RequestContext) =>
    (await servers.locate(id, 'Endpoint', context, (index, key) => index.endpointById.get(key))) ?? null
  const servedModel = async (id: string, context: RequestContext) =>
    (await servers.locate(id, 'ServedModel', context, (index, key) => index.servedById.get(key))) ?? null
  /** Source and name of a registered model; undefined: the id is none. */
  const registered = (id: string, type: NodeType) => {
    const parsed = parseId(id, renamed)
    const [registry = '', model = ''] = parsed?.parts ?? []
    return parsed?.type === type ? { registry, model } : undefined
  }

  return {
    Query: {
      endpoints: (_, args, context) => listEndpoints(servers, args, config.gateway.limits.pageSize, context),
      endpoint: (_, { id }, context) => endpoint(id, context),
      servedModel: (_, { id }, context) => servedModel(id, context),
    },
    Endpoint: {
      __resolveReference: ({ id }, context) => endpoint(id, context),
      served: ({ served }, _, { caller }) => served?.filter((model) => servers.access.visible(caller, model)),
      provenance,
    },
    ServedModel: {
      __resolveReference: ({ id }, context) => servedModel(id, context),
      provenance: (model) => provenance(model.endpoint),
    },
    ModelVersion: {
      servedBy: (version, _, context) => {
        const model = registered(version.id, 'ModelVersion')
        return model ? versionServedBy(servers, { ...model, ...identityOf(version) }, context) : null
      },
    },
    Model: {
      served: ({ id, candidates }, _, context) => {
        const model = registered(id, 'Model')
        if (!model) return null
        const versions = candidates.map((candidate) => ({ ...model, ...identityOf(candidate) }))
        return modelServedBy(servers, model, versions, context)
      },
    },
    ServingSource: {
      __resolveReference: ({ id }) => servers.byId(id)?.source ?? null,
      status: ({ id }) => servers.byId(id)?.connected.state.status() ?? null,
    },
  }
}

function provenance({ from, fetchedAt }: EndpointEntry) {
  return provenanceOf(from.source, from.index.age(fetchedAt))
}

/** What the models subgraph tells of a version, as `@requires` asks it to. */
function identityOf(candidate: VersionCandidate): Omit<VersionIdentity, 'registry' | 'model'> {
  const { version, runId, artifactUri, loggedModelId } = candidate
  return {
    version,
    runId: runId ?? null,
    artifactUri: artifactUri ?? null,
    loggedModelId: loggedModelId ?? null,
  }
}
