import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { SharedStore } from '#lib/cache/store.ts'
import type { Config } from '#lib/config/schema.ts'
import type { GraphPort } from '#lib/graph.ts'
import { ReaderError } from '#lib/reader-error.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import { type SubgraphName, subgraphNames } from '#schema/subgraphs.ts'
import { createHealthSubgraph } from '#services/health/index.ts'
import { createModelsSubgraph } from '#services/models/index.ts'
import { createPlatformSubgraph } from '#services/platform/index.ts'
import { createServingSubgraph } from '#services/serving/index.ts'
import { registriesOf, sourceTypeOf } from './kinds.ts'

const subgraphs: Readonly<Record<SubgraphName, (options: SubgraphOptions, graph: GraphPort) => Subgraph>> = {
  models: createModelsSubgraph,
  serving: createServingSubgraph,
  health: createHealthSubgraph,
  platform: (options) => createPlatformSubgraph(options, sourceTypeOf),
}

/** Where nothing connects the parts: what rules ask is not known. */
const noGraph: GraphPort = { query: () => Promise.reject(new Error('This part cannot ask the graph.')) }

/** The file of the composed graph: the configured one, or the one that is committed. */
export const supergraphPath = ({ gateway }: Config): string => gateway.supergraph ?? join(projectRoot, supergraphFile)

/** The composed graph. Throws, for the reader, when the file cannot be read. */
export function readSupergraph(file: string = join(projectRoot, supergraphFile)): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new ReaderError(`The supergraph ${file} cannot be read (${code}).`, { cause })
  }
}

/** One subgraph over a configuration, in this process. `shared`: what it shares with other instances. */
export function createSubgraph(
  name: SubgraphName,
  config: Config,
  log: Logger,
  shared?: SharedStore,
  graph: GraphPort = noGraph,
): Subgraph {
  return subgraphs[name]({ config, registries: registriesOf(config), log, ...(shared && { shared }) }, graph)
}

/** All subgraphs of the project over one configuration, in this process. */
export function createSubgraphs(config: Config, log: Logger, shared?: SharedStore, graph?: GraphPort): Subgraph[] {
  return subgraphNames.map((name) => createSubgraph(name, config, log, shared, graph))
}
