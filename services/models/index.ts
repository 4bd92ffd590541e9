import { createAccess } from '#lib/access.ts'
import { createDatasetNaming } from '#lib/dataset-name.ts'
import { once } from '#lib/once.ts'
import { connectSources, renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { claimAdapters, registryAdapters } from './adapters.ts'
import { createClaimSource, createDescriber } from './catalog-claims.ts'
import { createRegistries } from './registries.ts'
import { createRegistry } from './registry.ts'
import { alertResolvers } from './resolvers/alert.ts'
import { commitResolvers, pipelineRunResolvers } from './resolvers/code.ts'
import { datasetResolvers, datasetUseResolvers } from './resolvers/dataset.ts'
import { metricResolvers } from './resolvers/metric.ts'
import { championDeclarationResolvers, modelClaimResolvers, modelResolvers } from './resolvers/model.ts'
import { modelVersionResolvers } from './resolvers/model-version.ts'
import { createLookups, queryResolvers } from './resolvers/query.ts'
import { servedModelResolvers } from './resolvers/served-model.ts'
import { registrySourceResolvers } from './resolvers/source.ts'
import { datasetInputResolvers, trainingRunResolvers } from './resolvers/training-run.ts'
import type { Resolvers } from './schema.generated.ts'
import { createViews } from './view.ts'

/** The registry and tracking side of the graph: models, their versions, the runs that made them, the data these read. */
export function createModelsSubgraph(options: SubgraphOptions): Subgraph {
  const { config, log } = options
  const sources = connectSources(registryAdapters, options)
  const all = sources.map((source) => createRegistry(source, config, log))
  const renamed = renamedSources(config)
  const claiming = connectSources(claimAdapters, options)
  const claims = claiming.map((source) => createClaimSource(source, config, log))
  const access = createAccess(config.access)
  const registries = createRegistries(all, renamed, access, createViews(config), claims, createDescriber(config))
  const lookups = createLookups(registries, renamed)
  const resolvers: Resolvers = {
    Query: queryResolvers(registries, lookups, config),
    Model: modelResolvers(registries, lookups, config),
    ModelClaim: modelClaimResolvers,
    ChampionDeclaration: championDeclarationResolvers,
    ModelVersion: modelVersionResolvers(registries, lookups),
    TrainingRun: trainingRunResolvers(registries, lookups, config),
    Metric: metricResolvers,
    DatasetInput: datasetInputResolvers(createDatasetNaming(config.datasets)),
    Dataset: datasetResolvers(registries, config),
    DatasetUse: datasetUseResolvers(registries),
    Commit: commitResolvers(registries, config),
    PipelineRun: pipelineRunResolvers(registries, config),
    ServedModel: servedModelResolvers(registries),
    Alert: alertResolvers(registries),
    RegistrySource: registrySourceResolvers(registries),
  }
  const schema = once(() => executableSchema('models', resolvers))
  return {
    name: 'models',
    get schema() {
      return schema()
    },
    sources,
    alsoAsked: claiming,
    start: async () => {
      const patience = { signal: AbortSignal.timeout(config.http.indexTimeout) }
      await Promise.all([
        ...all.map(({ index, runIndex }) => {
          runIndex.start()
          return index.read(patience)
        }),
        ...claims.map(({ index }) => index.read(patience)),
      ])
    },
    receive: (delivery) => {
      const registry = registries.byId(renamed.get(delivery.source) ?? delivery.source)
      return registry?.connected.kind === delivery.tool ? registry.receive(delivery) : undefined
    },
    close: async () => {
      await Promise.all([...all, ...claims].map((one) => one.close()))
    },
  }
}
