import type { GraphQLDataSource } from '@apollo/gateway'
import type { Logger } from 'pino'
import type { Subgraph } from '#lib/subgraph.ts'
import { inProcess } from './data-source.ts'
import { connectRemotes, type RemoteOptions, type TeamServer } from './remote.ts'
import { tracedSubgraph } from './tracing.ts'
import type { Receiver } from './webhooks.ts'

/** Who answers for each part of the graph. */
export interface DataSources {
  of(name: string): GraphQLDataSource
  /** Takes messages of tools for parts that are servers of their own. */
  readonly receiver: Receiver
  /** Closes connections to parts that are servers of their own. */
  close(): Promise<void>
}

/** What `createDataSources` needs: parts that run in this process, and those that are servers of their own. */
export interface DataSourcesOptions {
  readonly subgraphs: readonly Subgraph[]
  readonly remote?: RemoteOptions
  readonly teams?: readonly TeamServer[]
  readonly log: Logger
}

/** Finds a part by its name among the servers, else in this process; what is in neither never answers. */
export function createDataSources({ subgraphs, remote, teams = [], log }: DataSourcesOptions): DataSources {
  const remotes = connectRemotes(remote, teams, log)
  const here = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]))
  return {
    of(name) {
      const connected = remotes.dataSource(name)
      if (connected) return tracedSubgraph(name, connected)
      const subgraph = here.get(name)
      if (!subgraph) log.warn({ subgraph: name }, 'a part of the graph does not run here: its fields are null')
      return tracedSubgraph(name, inProcess(name, subgraph))
    },
    receiver: remotes,
    close: () => remotes.close(),
  }
}
