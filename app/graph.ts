import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { SharedStore } from '#lib/cache/store.ts'
import type { Config } from '#lib/config/schema.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import type { SubgraphName } from '#schema/subgraphs.ts'
import { createCiSubgraph } from '#services/ci/index.ts'
import { createModelsSubgraph } from '#services/models/index.ts'
import { createPlatformSubgraph } from '#services/platform/index.ts'
import { createServingSubgraph } from '#services/serving/index.ts'
import { registriesOf, sourceTypeOf } from './kinds.ts'

const subgraphs: Readonly<Record<SubgraphName, (options: SubgraphOptions) => Subgraph>> = {
  models: createModelsSubgraph,
  serving: createServingSubgraph,
  ci: createCiSubgraph,
  platform: (options) => createPlatformSubgraph(options, sourceTypeOf),
}

/** The composed graph as committed. */
export const readSupergraph = (): string => readFileSync(join(projectRoot, supergraphFile), 'utf8')

/** All subgraphs of the project over one configuration, in this process. `shared`: what they share with other instances. */
export function createSubgraphs(config: Config, log: Logger, shared?: SharedStore): Subgraph[] {
  const options = { config, registries: registriesOf(config), log, ...(shared && { shared }) }
  return Object.values(subgraphs).map((create) => create(options))
}
