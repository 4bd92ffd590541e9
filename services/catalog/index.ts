import { createAccess } from '#lib/access.ts'
import { createDatasetNaming } from '#lib/dataset-name.ts'
import { once } from '#lib/once.ts'
import { connectSources, renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { catalogAdapters } from './adapters.ts'
import { createApplications } from './applications.ts'
import { createCatalog } from './catalog.ts'
import { createCatalogs } from './catalogs.ts'
import { configuredApplications } from './configured-applications.ts'
import { applicationResolvers, endpointResolvers, modelResolvers } from './resolvers/application.ts'
import {
  catalogRecordResolvers,
  columnSourceResolvers,
  datasetColumnResolvers,
  datasetResolvers,
} from './resolvers/dataset.ts'
import { createLookups, queryResolvers } from './resolvers/query.ts'
import { trainingRunResolvers } from './resolvers/training-run.ts'
import type { Resolvers } from './schema.generated.ts'

/** The data side of the graph: datasets, what catalogs say of them, what is made from what, and the applications that stand on it. */
export function createCatalogSubgraph(options: SubgraphOptions): Subgraph {
  const { config, log } = options
  const sources = connectSources(catalogAdapters, options)
  const all = sources.map((source) => createCatalog(source, config, log))
  const access = createAccess(config.access)
  const renamed = renamedSources(config)
  const catalogs = createCatalogs(all, createDatasetNaming(config.datasets), access)
  const applications = createApplications(configuredApplications(config), all, renamed, access)
  const lookups = createLookups(catalogs)
  const resolvers: Resolvers = {
    Query: queryResolvers(catalogs, applications, lookups, config),
    Dataset: datasetResolvers(catalogs, applications, lookups, config),
    CatalogRecord: catalogRecordResolvers(config),
    DatasetColumn: datasetColumnResolvers,
    ColumnSource: columnSourceResolvers(catalogs),
    Application: applicationResolvers(catalogs, applications),
    TrainingRun: trainingRunResolvers(catalogs, lookups),
    Endpoint: endpointResolvers(applications, renamed),
    Model: modelResolvers(catalogs, applications, renamed),
    CatalogSource: {
      __resolveReference: ({ id }) => catalogs.byId(id)?.source ?? null,
      status: ({ id }) => catalogs.byId(id)?.connected.state.status() ?? null,
    },
  }
  const schema = once(() => executableSchema('catalog', resolvers))
  return {
    name: 'catalog',
    get schema() {
      return schema()
    },
    sources,
    start: async () => {
      const patience = { signal: AbortSignal.timeout(config.http.indexTimeout) }
      const indexes = all.flatMap(({ index, applications: told }) => [index, ...(told ? [told] : [])])
      await Promise.all(indexes.map((one) => one.read(patience)))
    },
    close: async () => {
      await Promise.all(all.map((catalog) => catalog.close()))
    },
  }
}
