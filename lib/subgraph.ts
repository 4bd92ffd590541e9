import type { GraphQLSchema } from 'graphql'

/** A subgraph, ready to be executed in this process or served by itself. */
export interface Subgraph {
  readonly name: string
  /** Executable; resolvers expect a `RequestContext`. */
  readonly schema: GraphQLSchema
  /** Starts reading its sources in the background, so that the first question finds them read. */
  start(): void
  /** Ends what runs in the background and closes connections. */
  close(): Promise<void>
}
