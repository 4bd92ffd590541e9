import type { Adapter, Port } from './adapter.ts'
import type { Config } from './config/schema.ts'
import { SourceState } from './source-state.ts'
import type { SubgraphOptions } from './subgraph.ts'
import { createUpstream } from './upstream/client.ts'
import type { Upstream } from './upstream/upstream.ts'

/** A configured source that a subgraph reads. */
export interface ConnectedSource<P extends Port = Port> {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly port: P
  readonly state: SourceState
  readonly upstream: Upstream
}

/** Connects every configured source whose kind is among the adapters; the others belong to other subgraphs. */
export function connectSources<P extends Port>(
  adapters: readonly Adapter<P>[],
  { config, registries, log }: SubgraphOptions,
): ConnectedSource<P>[] {
  return config.sources.flatMap((source) => {
    const adapter = adapters.find(({ kind }) => kind === source.kind)
    if (!adapter) return []
    const state = new SourceState()
    const { http, links } = config
    const freshConnections = adapter.freshConnections ?? false
    const upstream = createUpstream({ source, http, state, log, freshConnections })
    const port = adapter.create({ source, upstream, state, links, registries, log })
    return [{ id: source.id, kind: source.kind, title: source.title, port, state, upstream }]
  })
}

/** Former ids of sources and the ids they have now (`formerly`). */
export function renamedSources(config: Config): ReadonlyMap<string, string> {
  return new Map(config.sources.flatMap(({ id, formerly }) => formerly.map((old) => [old, id] as const)))
}
