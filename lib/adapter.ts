import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Config, Kinds, Source } from './config/schema.ts'
import type { SourceState } from './source-state.ts'
import type { Upstream, UpstreamCall } from './upstream/upstream.ts'

/** A configured source of one kind, with the kind's own options. */
type SourceOf<Options extends z.ZodObject> = Source<Kinds> & z.output<Options>

/** What an adapter is given, and all that it uses. */
export interface AdapterContext<Options extends z.ZodObject> {
  readonly source: SourceOf<Options>
  /** The one way to the tool. */
  readonly upstream: Upstream
  /** Where the adapter writes the tool's version. */
  readonly state: SourceState
  /** Links that the configuration states, for adapters of servers. */
  readonly links: Config['links']
  /** Ids of all sources that are registries. */
  readonly registries: readonly string[]
  readonly log: Logger
}

/** A kind of tool: what can be configured of it, and how it is made to answer the port of its subgraph. */
export interface Adapter<Port, Options extends z.ZodObject = z.ZodObject> {
  /** As `kind:` in the configuration. */
  readonly kind: string
  /** Its own options; described, since the reference is made from them. */
  readonly options: Options
  /** true: every request on a connection of its own, for servers that one busy connection blocks. */
  readonly freshConnections?: boolean
  create(context: AdapterContext<Options>): Port
}

/** What `modelops check` tells of a source. */
export interface Capabilities {
  /** The tool's own version; null: it does not tell. */
  readonly version: string | null
  /** What can be read of it, in a few words each. */
  readonly can: readonly string[]
  /** What cannot, and why. */
  readonly cannot: readonly string[]
}

/** What every port has. */
export interface Port {
  /** Asks the tool who it is and what it lets us read. Rejects with an UpstreamError. */
  probe(call: UpstreamCall): Promise<Capabilities>
}

/** Only so that TypeScript infers the options' type. */
export function defineAdapter<P extends Port, Options extends z.ZodObject>(
  adapter: Adapter<P, Options>,
): Adapter<P, Options> {
  return adapter
}
