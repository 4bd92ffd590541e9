import type { GraphQLDataSource } from '@apollo/gateway'
import type { Logger } from 'pino'
import type { Subgraph } from '#lib/subgraph.ts'
import { inProcess } from './data-source.ts'
import { connectRemotes, type RemoteOptions, type TeamServer } from './remote.ts'
import { tracedSubgraph } from './tracing.ts'

/** Who answers for each part of the graph. */
export interface DataSources {
  of(name: string): GraphQLDataSource
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
  const remotes = connectRemotes(remote, teams)
  const schemas = new Map(subgraphs.map(({ name, schema }) => [name, schema]))
  return {
    of(name) {
      const connected = remotes.dataSource(name)
      if (connected) return tracedSubgraph(name, connected)
      if (!schemas.has(name)) log.warn({ subgraph: name }, 'a part of the graph does not run here: its fields are null')
      return tracedSubgraph(name, inProcess(name, schemas.get(name)))
    },
    close: () => remotes.close(),
  }
}
