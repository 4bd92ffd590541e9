import { setTimeout as pause } from 'node:timers/promises'
import type { GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { SharedStore } from './cache/store.ts'
import type { Config } from './config/schema.ts'
import type { Connections } from './connections.ts'
import type { ConnectedSource } from './sources.ts'
import type { State } from './state/port.ts'
import type { Delivery, DeliveryAnswer } from './webhook.ts'

/** A subgraph, ready to be executed in this process or served by itself. */
export interface Subgraph {
  readonly name: string
  /**
   * Executable; resolvers expect a `RequestContext`. Made when it is first read (`lib/once.ts`), so that the first answer
   * waits only for the subgraphs that it needs. A promise where much is imported for it, which rejects, for the reader,
   * where what it is made from is wrong.
   */
  readonly schema: GraphQLSchema | Promise<GraphQLSchema>
  /** What stands behind it, for `modelops check` and the lines at start. */
  readonly sources: readonly ConnectedSource[]
  /** Sources that are another subgraph's own, and that it asks for something too; for `modelops check`. Default: none. */
  readonly alsoAsked?: readonly ConnectedSource[]
  /** Reads its sources in the background, so that the first question finds them read; settles when each was once asked. */
  start(): Promise<void>
  /** Takes a message of a tool that something changed there; undefined: it is for none of its sources. */
  receive?(delivery: Delivery): DeliveryAnswer | undefined
  /** Is told that a source of any subgraph sent a message, verified, that something changed there. */
  heard?(source: string): void
  /** Ends what runs in the background and closes connections. */
  close(): Promise<void>
}

/** Milliseconds for which the making of schemas gives way to questions, all in all: they may never end. */
const GIVES_WAY = 2_000

/**
 * Makes the schemas that nobody has asked for yet, one at a time, and none while `busy` says that a question is being
 * answered: each keeps the process from it for up to 0.3 s. Rejects, for the reader, where what one is made from is wrong.
 */
export async function makeSchemas(subgraphs: readonly Subgraph[], busy = () => false): Promise<void> {
  const patience = performance.now() + GIVES_WAY
  for (const subgraph of subgraphs) {
    do await pause(1)
    while (busy() && performance.now() < patience)
    await subgraph.schema
  }
}

/** What every subgraph is made from. */
export interface SubgraphOptions {
  readonly config: Config
  /** Ids of all sources that are registries, whichever subgraph reads them. */
  readonly registries: readonly string[]
  /** What instances of the gateway share. Default: nothing. */
  readonly shared?: SharedStore
  /** Clients of sources, shared with the other subgraphs of this process. Default: its own. */
  readonly connections?: Connections
  readonly log: Logger
}

/** What a subgraph is made from that keeps what people say and what was seen. */
export interface StatefulOptions extends SubgraphOptions {
  readonly state: State
}
