import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { SharedStore } from '#lib/cache/store.ts'
import type { Config } from '#lib/config/schema.ts'
import { type Connections, createConnections } from '#lib/connections.ts'
import type { GraphPort } from '#lib/graph.ts'
import { ReaderError } from '#lib/reader-error.ts'
import type { State } from '#lib/state/port.ts'
import type { StatefulOptions, Subgraph } from '#lib/subgraph.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import { type SubgraphName, subgraphNames } from '#schema/subgraphs.ts'
import { createCatalogSubgraph } from '#services/catalog/index.ts'
import { createCiSubgraph } from '#services/ci/index.ts'
import { createDeliverySubgraph } from '#services/delivery/index.ts'
import { createGovernanceSubgraph } from '#services/governance/index.ts'
import { createHealthSubgraph } from '#services/health/index.ts'
import { createLineageSubgraph } from '#services/lineage/index.ts'
import { createModelsSubgraph } from '#services/models/index.ts'
import { createMonitoringSubgraph } from '#services/monitoring/index.ts'
import { createPlatformSubgraph } from '#services/platform/index.ts'
import { createServingSubgraph } from '#services/serving/index.ts'
import { registriesOf, sourceTypeOf } from './kinds.ts'

type Create = (options: StatefulOptions, graph: GraphPort, supergraphSdl: string | undefined) => Subgraph

const subgraphs: Readonly<Record<SubgraphName, Create>> = {
  models: createModelsSubgraph,
  catalog: createCatalogSubgraph,
  serving: createServingSubgraph,
  ci: createCiSubgraph,
  monitoring: createMonitoringSubgraph,
  platform: (options) => createPlatformSubgraph(options, sourceTypeOf),
  health: createHealthSubgraph,
  delivery: createDeliverySubgraph,
  governance: createGovernanceSubgraph,
  lineage: (options, graph, supergraphSdl = readSupergraph(supergraphPath(options.config))) =>
    createLineageSubgraph({ ...options, graph, supergraphSdl }),
}

/** Subgraphs that ask no tool, only the graph: they run beside the gateway, also where the others are servers of their own. */
export const besideGateway: readonly SubgraphName[] = ['health', 'governance', 'lineage', 'delivery']

/** Subgraphs that can be servers of their own. */
export const ownServers: readonly SubgraphName[] = subgraphNames.filter((name) => !besideGateway.includes(name))

/** Subgraphs that tools tell of changes. */
export const toldOfChanges: readonly SubgraphName[] = ['models', 'ci']

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

/** What subgraphs are made with, beside the configuration. */
export interface Surroundings {
  readonly log: Logger
  /** The graph, for the subgraphs that ask it. */
  readonly graph: GraphPort
  /** The composed graph. Default: as `supergraphPath` says. */
  readonly supergraphSdl?: string
  /** What is kept. Who made it closes it. */
  readonly state: State
  /** What is shared with other instances. Default: nothing. */
  readonly shared?: SharedStore
}

/** One subgraph over a configuration, in this process. `connections`: default, its own. */
export function createSubgraph(
  name: SubgraphName,
  config: Config,
  surroundings: Surroundings & { readonly connections?: Connections },
): Subgraph {
  const { graph, supergraphSdl, ...around } = surroundings
  return subgraphs[name]({ config, registries: registriesOf(config), ...around }, graph, supergraphSdl)
}

/** All subgraphs of the project over one configuration, in this process. */
export function createSubgraphs(config: Config, around: Surroundings): Subgraph[] {
  const connections = createConnections(config, around.log)
  return subgraphNames.map((name) => createSubgraph(name, config, { ...around, connections }))
}

/** The graph before there is a gateway to ask it: subgraphs are made first, and the gateway of them. */
export function graphToCome(): { readonly graph: GraphPort; come(graph: GraphPort): void } {
  let there: GraphPort | undefined
  return {
    graph: {
      async query(document, variables, context) {
        if (!there) throw new Error('the graph was asked before there was a gateway')
        return there.query(document, variables, context)
      },
    },
    come: (graph) => {
      there = graph
    },
  }
}
